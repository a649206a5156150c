/** Rows of a Parquet file of ours in batches: memory does not grow with the file. */
import { dirname } from 'node:path';
import { openDuck, quoteText } from './duckdb.ts';
import { readHead } from './parquet.ts';

export interface RowBatch {
  readonly rows: number;
  /** Values of a column by name: numbers (NaN is missing) or strings (null is missing); undefined when there is no such column. */
  readonly column: (name: string) => ArrayLike<number | string | null> | undefined;
}

/** @param path a file written by `ingestFile` */
export async function* readParquetRows(path: string, batchRows = 4096): AsyncGenerator<RowBatch> {
  const duck = await openDuck({ folders: [dirname(path)], memoryMegabytes: 512 });
  try {
    const head = await readHead(duck, path);
    const list = head.names.map((_, i) => `c${i}`).join(', ');
    let columns = head.names.map((): (number | string | null)[] => []);
    let rows = 0;
    const flush = (): RowBatch => {
      const held = columns;
      const batch = { rows, column: (name: string) => held[head.names.indexOf(name)] };
      columns = head.names.map(() => []);
      rows = 0;
      return batch;
    };
    for await (const chunk of duck.chunks(`SELECT ${list} FROM read_parquet(${quoteText(path)})`)) {
      columns.forEach((values, i) => {
        const vector = chunk.getColumnVector(i);
        const missing = head.kinds[i] === 'number' ? Number.NaN : null;
        for (let row = 0; row < chunk.rowCount; row++) {
          const value = vector.getItem(row) as number | string | null;
          values.push(value ?? missing);
        }
      });
      rows += chunk.rowCount;
      if (rows >= batchRows) yield flush();
    }
    if (rows > 0) yield flush();
  } finally {
    await duck.close();
  }
}
