/** Rows as a person holds them to the tensors an exported graph takes (CONTRACTS.md: one input [N,1] per column). */
import type { ModelMetadata } from '../contracts/result.ts';
import type { Tensor } from '../contracts/runtime.ts';
import { parseCell } from './cell.ts';

/** One cell: text as it stands in a file, a number, or nothing. */
export type RawValue = string | number | null | undefined;
/** Reads the cell of `row` under a graph input, or nothing when the source has no such column. */
export type CellReader = (row: number, input: string) => RawValue;

export interface UnreadableCell {
  readonly row: number;
  readonly input: string;
  readonly value: string;
}

export interface Feeds {
  readonly tensors: Readonly<Record<string, Tensor>>;
  /** Cells of number columns that hold something else; they go in as missing. */
  readonly unreadable: readonly UnreadableCell[];
}

type Column = ModelMetadata['columns'][number];

/**
 * Builds the feeds of `rows` rows. Missing is NaN in number inputs and the empty string in text inputs.
 * @param columns the model's own description of its inputs
 */
export function makeFeeds(columns: readonly Column[], rows: number, read: CellReader): Feeds {
  const tensors: Record<string, Tensor> = {};
  const unreadable: UnreadableCell[] = [];
  for (const column of columns) {
    const dims = [rows, 1];
    if (column.tensor === 'string') {
      const data = Array.from({ length: rows }, (_, row) => textOf(read(row, column.input)));
      tensors[column.input] = { type: 'string', dims, data };
      continue;
    }
    const data = column.tensor === 'float64' ? new Float64Array(rows) : new Float32Array(rows);
    for (let row = 0; row < rows; row++) {
      const raw = read(row, column.input);
      const value = typeof raw === 'number' ? raw : parseCell(raw);
      if (value === undefined) unreadable.push({ row, input: column.input, value: String(raw) });
      data[row] = value ?? Number.NaN;
    }
    tensors[column.input] = { type: column.tensor, dims, data };
  }
  return { tensors, unreadable };
}

function textOf(value: RawValue): string {
  return value === null || value === undefined ? '' : String(value);
}
