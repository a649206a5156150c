/** Splits a Parquet file of ours into a training and a test file by row. */
import { dirname } from 'node:path';
import { openDuck, prepareForColumns, quoteText } from './duckdb.ts';
import { holdsInMemory, layoutClause, namesClause, readHead } from './parquet.ts';
import { markRows, rowBits } from './row-bits.ts';

export interface SplitRequest {
  readonly path: string;
  /** Row numbers, from 0, that go to the test file; all others go to the training file. Both keep the file's order. */
  readonly test: ArrayLike<number>;
  readonly trainPath: string;
  readonly testPath: string;
  /** Rows that go to neither file, such as those without a target. */
  readonly leaveOut?: ArrayLike<number>;
}

/** @returns rows written to each file */
export async function splitParquet(request: SplitRequest): Promise<{ train: number; test: number }> {
  const { path, trainPath, testPath } = request;
  const duck = await openDuck({ folders: [path, trainPath, testPath].map(dirname) });
  try {
    const head = await readHead(duck, path);
    await prepareForColumns(duck, head.names.length);
    const part = markRows(new Uint8Array(head.rows), request.test, 1);
    markRows(part, request.leaveOut ?? [], 2);
    await duck.run(`CREATE TABLE parts AS SELECT ${rowBits(part, 0)} AS train, ${rowBits(part, 1)} AS test`);
    const list = head.names.map((_, i) => `c${i}`).join(', ');
    let source = `read_parquet(${quoteText(path)}, file_row_number=true)`;
    if (holdsInMemory(head.names.length, head.rows)) {
      await duck.run(`CREATE TABLE whole AS SELECT ${list}, file_row_number FROM ${source}`);
      source = 'whole';
    }
    for (const [column, target] of [
      ['train', trainPath],
      ['test', testPath],
    ] as const)
      await duck.run(
        `COPY (SELECT ${list} FROM ${source}
          WHERE get_bit((SELECT ${column} FROM parts), file_row_number::INTEGER) = 1)
        TO ${quoteText(target)} (FORMAT parquet, ${layoutClause(head.names.length)}, ${namesClause(head.names, head.kinds)})`,
      );
    const test = part.reduce((sum, p) => sum + (p === 1 ? 1 : 0), 0);
    return { test, train: part.reduce((sum, p) => sum + (p === 0 ? 1 : 0), 0) };
  } finally {
    await duck.close();
  }
}
