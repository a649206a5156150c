/** Splits a task's table once into training rows and the sealed test. What searches read afterwards is the training file alone. */
import { copyFile, rename } from 'node:fs/promises';
import type { SearchRequest, TaskKind } from '#core/contracts/task.ts';
import { findColumn, takeRows } from '#core/prep/table.ts';
import { splitTest } from '#core/tasks/folds.ts';
import { groupsOf, strataOf } from '#core/tasks/strata.ts';
import { fitTarget, rowsWithTarget } from '#core/tasks/target.ts';
import { timesOf } from '#core/tasks/times.ts';
import { readParquetHead } from '../data/parquet.ts';
import { readParquetTable } from '../data/read-parquet-table.ts';
import { splitParquet } from '../data/split-parquet.ts';

/** What decides which rows are sealed. */
export interface SealRule {
  readonly tablePath: string;
  readonly target: string;
  readonly kind: TaskKind;
  readonly split: SearchRequest['split'];
  readonly testFraction: number;
  readonly seed: number;
}

export interface SealInput extends SealRule {
  /** A separate table that is the test; otherwise a share is split off. */
  readonly testTablePath: string | null;
  readonly trainPath: string;
  readonly testPath: string;
}

/** Rows of both parts. */
export interface SealedCounts {
  readonly train: number;
  readonly test: number;
}

/** Rows of the table that go to the test, and those without a target that go nowhere; all others are for training. */
export interface SealedRows {
  /** Of the whole table. */
  readonly rows: number;
  readonly test: readonly number[];
  readonly leaveOut: readonly number[];
}

/**
 * Which rows are sealed: the same ones whenever it is asked.
 * @param separateTest whether a table of its own is the test, so that none of this one's rows are
 * @throws RangeError in words for the person when the target holds nothing to learn
 */
export async function sealedRows(input: SealRule, separateTest: boolean): Promise<SealedRows> {
  const { split, target } = input;
  const extra = split.kind === 'group' ? [split.groupColumn] : split.kind === 'time' ? [split.timeColumn] : [];
  const table = await readParquetTable(input.tablePath, [target, ...extra.filter((name) => name !== target)]);
  const column = findColumn(table, target);
  if (!column) throw new RangeError(`There is no target column "${target}".`);
  const present = rowsWithTarget(column);
  const leaveOut = complement(present, table.rows);
  let test: number[] = [];
  if (!separateTest) {
    const rows = takeRows(table, present);
    const encoded = fitTarget(findColumn(rows, target) ?? column, input.kind);
    const groupColumn = split.kind === 'group' ? findColumn(rows, split.groupColumn) : undefined;
    const parts = splitTest({
      rows: rows.rows,
      kind: split.kind,
      strata: strataOf(encoded.plan, encoded.values),
      groups: groupColumn && groupsOf(groupColumn),
      times: split.kind === 'time' ? timesOf(rows, split.timeColumn) : undefined,
      fraction: input.testFraction,
      seed: input.seed,
    });
    test = Array.from(parts.test, (row) => present[row] as number);
  }
  return { rows: table.rows, test, leaveOut };
}

/**
 * Writes both files; each appears whole.
 * @returns rows of each
 * @throws RangeError in words for the person when the target holds nothing to learn
 */
export async function sealTest(input: SealInput): Promise<SealedCounts> {
  const { test, leaveOut } = await sealedRows(input, input.testTablePath !== null);
  const partial = { train: `${input.trainPath}.part`, test: `${input.testPath}.part` };
  const counts = await splitParquet({
    path: input.tablePath,
    test,
    leaveOut,
    trainPath: partial.train,
    testPath: partial.test,
  });
  if (input.testTablePath) await copyFile(input.testTablePath, partial.test);
  const testRows = input.testTablePath ? (await readParquetHead(input.testTablePath)).rows : counts.test;
  // The training file comes last: where it is, the test is sealed already.
  await rename(partial.test, input.testPath);
  await rename(partial.train, input.trainPath);
  return { train: counts.train, test: testRows };
}

function complement(rows: Int32Array, total: number): number[] {
  const inside = new Uint8Array(total);
  for (const row of rows) inside[row] = 1;
  const others: number[] = [];
  for (let row = 0; row < total; row++) if (!inside[row]) others.push(row);
  return others;
}
