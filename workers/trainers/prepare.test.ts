/** A table too long for its budget: what is learned from, and what is said about it. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findColumn } from '#core/prep/table.ts';
import { unpackPrepared } from '#core/tasks/prepared-task.ts';
import { affordableRows } from '#core/tasks/training-sample.ts';
import { classTable } from '#tests/db/table.ts';
import { ingestFile } from '../data/ingest-file.ts';
import { readParquetTable } from '../data/read-parquet-table.ts';
import { type PrepareInput, prepareTask } from './prepare.ts';

const context = { cancelled: () => false, breathe: async () => undefined, progress: () => undefined };
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warmstart-prepare-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a short budget learns from a sample of a long table, says so, and leaves the test whole', async () => {
  const at = (name: string) => join(folder, name);
  await writeFile(at('long.csv'), classTable(260_000));
  const limits = { rows: 1e6, columns: 100, bytes: 1e9 };
  const parquetPath = at('table.parquet');
  const profile = await ingestFile({ path: at('long.csv'), fileName: 'long.csv', limits, parquetPath });
  const input: PrepareInput = {
    tablePath: parquetPath,
    testTablePath: null,
    trainPath: at('train.parquet'),
    testPath: at('test.parquet'),
    splitPath: at('split.json'),
    preparedPath: at('prepared.bin'),
    target: 'left',
    kind: 'classification',
    split: { kind: 'random' },
    testFraction: 0.2,
    seed: 5,
    columns: profile.columns,
    positiveClass: null,
    metric: 'roc_auc',
    budgetSeconds: 8,
  };
  const { facts, setup, warnings } = await prepareTask(input, context);
  const most = affordableRows(5, 8);
  expect(facts).toMatchObject({ trainRows: most, testRows: 52_000 });
  expect(setup).toMatchObject({ rows: most, sampled: true });
  expect(warnings).toEqual([expect.stringContaining('200,000 of 208,000 training rows')]);
  const { fileRows, features } = unpackPrepared(await readFile(input.preparedPath));
  const file = findColumn(await readParquetTable(input.trainPath, ['income']), 'income');
  expect(fileRows).toHaveLength(most);
  const values = file?.kind === 'number' ? file.values : [];
  const place = features.numericNames.indexOf('income');
  const prepared = features.numeric.subarray(place * most, (place + 1) * most);
  expect(prepared.every((value, i) => value === values[fileRows?.[i] ?? -1])).toBe(true);
  const long = await prepareTask({ ...input, budgetSeconds: 60 }, context);
  expect(long.facts.trainRows).toBe(208_000);
  expect(long.warnings).toEqual([]);
  expect(long.setup).not.toHaveProperty('sampled');
});
