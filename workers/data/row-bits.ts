/** Rows of a file as a string of bits: a statement that looks at a bit keeps the order of the file, which a join would not promise. */

/** @throws RangeError for a row that there is not */
export function markRows(part: Uint8Array, rows: ArrayLike<number>, value: number): Uint8Array {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    if (!(row >= 0 && row < part.length)) throw new RangeError(`row ${row} of ${part.length}`);
    part[row] = value;
  }
  return part;
}

/** SQL of one bit per row, set where the row is marked with `value`; `get_bit(…, file_row_number::INTEGER)` reads it. */
export function rowBits(part: Uint8Array, value: number): string {
  const text = Buffer.alloc(part.length);
  for (let i = 0; i < part.length; i++) text[i] = part[i] === value ? 49 : 48;
  return `'${text.toString('latin1')}'::BIT`;
}
