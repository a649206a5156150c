/** When rows were: what a split by time sorts by. */
import { dateReader, detectDateShape } from '../prep/date-shape.ts';
import { asNumbers, findColumn, type Table } from '../prep/table.ts';

/** Milliseconds since 1970 of a date column, or its numbers; rows that cannot be read come first. */
export function timesOf(table: Table, name: string): Float64Array {
  const column = findColumn(table, name);
  if (!column) throw new RangeError(`There is no time column "${name}".`);
  if (column.kind === 'number') return asNumbers(column);
  // Day or month first is what the whole column says; a parser of single dates takes 03.04. for the 4th of March.
  const counts = column.dictionary.map(() => 1);
  const shape = detectDateShape(column.dictionary, counts);
  const read = shape && dateReader(shape);
  const parsed = column.dictionary.map((text) => {
    const fields = read?.(text);
    if (!fields) return Date.parse(text);
    return Date.UTC(fields.year, fields.month - 1, fields.day, fields.hour, fields.minute, fields.second);
  });
  // Spellings that no parser knows still sort as text, which is right for ISO-like dates.
  const usable = parsed.filter(Number.isFinite).length > 0.8 * parsed.length;
  const order = [...column.dictionary].sort();
  const rank = new Map(order.map((text, i) => [text, i]));
  const values = column.dictionary.map((text, i) => (usable ? parsed[i]! : rank.get(text)!));
  return Float64Array.from(column.codes, (code) => {
    const value = code < 0 ? Number.NaN : values[code]!;
    return Number.isFinite(value) ? value : Number.MIN_SAFE_INTEGER;
  });
}
