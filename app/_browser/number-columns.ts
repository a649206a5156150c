/** How each number column of a dropped file is written, decided by its first rows as ingest decides by all. */
import { parseCell } from '#core/serve/cell.ts';
import { formatReader, type NumberReader, numberFormats } from '#core/serve/number-formats.ts';

/**
 * A reader for cells like `sample`: null where plain numbers do, or where no one format fits all that are there.
 * @param delimiter where it is no comma, `1,234` is more likely 1.234 than 1234
 */
export function chooseReader(sample: readonly string[], delimiter: string): NumberReader | null {
  const odd = sample.filter((cell) => parseCell(cell) === undefined);
  if (odd.length === 0) return null;
  const there = sample.filter((cell) => !Number.isNaN(parseCell(cell) ?? 0));
  for (const format of numberFormats(delimiter !== ',')) {
    const read = formatReader(format);
    if (there.every((cell) => read(cell) !== undefined)) return read;
  }
  return null;
}
