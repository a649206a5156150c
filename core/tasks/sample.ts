/** A sample of a table's rows as one block of bytes. */
import type { ColumnType } from '../contracts/dataset.ts';
import { type PackableArray, pack, unpack } from '../math/pack.ts';
import type { Table } from '../prep/table.ts';

export interface TableSample {
  readonly table: Table;
  /** Types by column, in the table's order. */
  readonly types: readonly ColumnType[];
}

interface ColumnMeta {
  readonly name: string;
  readonly type: ColumnType;
  /** Strings only. */
  readonly dictionary?: readonly string[];
}

export function packSample({ table, types }: TableSample): Uint8Array {
  const arrays: Record<string, PackableArray> = {};
  const columns = table.columns.map((column, i): ColumnMeta => {
    arrays[`c${i}`] = column.kind === 'number' ? column.values : column.codes;
    const meta = { name: column.name, type: types[i] ?? 'ignore' };
    return column.kind === 'number' ? meta : { ...meta, dictionary: column.dictionary };
  });
  return pack({ meta: { rows: table.rows, columns }, arrays });
}

/** @throws TypeError or RangeError on foreign or cut bytes */
export function unpackSample(bytes: Uint8Array): TableSample {
  const { meta, arrays } = unpack(bytes);
  const { rows, columns } = meta as { rows: number; columns: ColumnMeta[] };
  return {
    types: columns.map((column) => column.type),
    table: {
      rows,
      columns: columns.map(({ name, dictionary }, i) => {
        const array = arrays[`c${i}`];
        if (dictionary && array instanceof Int32Array) return { kind: 'string', name, codes: array, dictionary };
        if (array instanceof Float64Array) return { kind: 'number', name, values: array };
        throw new TypeError('These bytes hold no sample of a table.');
      }),
    },
  };
}
