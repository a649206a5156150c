/** Reads what the court of splits looks at, and lets it judge. */
import type { Profile } from '#core/contracts/dataset.ts';
import { CancelledError } from '#core/contracts/learner.ts';
import type { SplitReport } from '#core/contracts/splits.ts';
import type { TaskKind } from '#core/contracts/task.ts';
import { judgeSplits, sampleSize } from '#core/splits/court.ts';
import { sampleGroups, sampleRows } from '#core/splits/sample.ts';
import { groupsOf } from '#core/tasks/strata.ts';
import { readParquetHead } from '../data/parquet.ts';
import { readParquetTable } from '../data/read-parquet-table.ts';
import type { TaskContext } from '../runtime/trial-protocol.ts';

export interface SplitsInput {
  readonly tablePath: string;
  readonly testTablePath: string | null;
  readonly profile: Profile;
  readonly target: string;
  readonly kind: TaskKind;
  readonly seed: number;
  /** After so many seconds nothing new is begun. */
  readonly seconds: number;
}

export async function splitsTask(input: SplitsInput, context: TaskContext): Promise<SplitReport> {
  const { tablePath, testTablePath, profile, target, seed } = input;
  const began = performance.now();
  const names = profile.columns
    .filter(({ name, type }) => type !== 'ignore' || name === target)
    .map(({ name }) => name);
  const size = sampleSize(names.length);
  const { rows: total } = await readParquetHead(tablePath);
  const read = async (rows: Int32Array) => ({
    rows,
    table: await readParquetTable(tablePath, names, rows.length < total ? rows : undefined),
  });
  const groups = async (name: string) => {
    const { columns } = await readParquetTable(tablePath, [name]);
    return columns[0] ? groupsOf(columns[0]) : new Int32Array(0);
  };
  return judgeSplits({
    ...input,
    sample: async (name) =>
      read(name === null ? sampleRows(total, size, seed) : sampleGroups(await groups(name), size, seed)),
    test: testTablePath ? await readTest(testTablePath, names, size, seed) : null,
    secondsLeft: () => input.seconds - (performance.now() - began) / 1000,
    rest: async () => {
      if (context.cancelled()) throw new CancelledError('The look at splits was stopped.');
      await context.breathe();
    },
  });
}

async function readTest(path: string, names: readonly string[], size: number, seed: number) {
  const head = await readParquetHead(path);
  const there = names.filter((name) => head.names.includes(name));
  return readParquetTable(path, there, head.rows > size ? sampleRows(head.rows, size, seed) : undefined);
}
