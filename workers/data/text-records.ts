/** The records of a delimited text file in any encoding, in batches. */
import { count, DataError } from './data-error.ts';
import type { Dialect } from './dialect.ts';
import { decodeFile, type Encoding } from './encoding.ts';
import { createRecordParser, type Repairs, type TextRecord, UnclosedQuoteError } from './records.ts';

/**
 * @param repairs is filled while reading
 * @throws DataError for a quote that is never closed
 */
export async function* readRecords(
  path: string,
  fileName: string,
  encoding: Encoding,
  dialect: Dialect,
  repairs?: { nulBytes: number; found: Repairs | null },
): AsyncGenerator<TextRecord[]> {
  const parser = createRecordParser(dialect);
  if (repairs) repairs.found = parser.repairs;
  try {
    for await (const text of decodeFile(path, encoding)) {
      const nul = text.includes('\u0000');
      if (nul && repairs) repairs.nulBytes += text.split('\u0000').length - 1;
      yield parser.push(nul ? text.replaceAll('\u0000', '') : text);
    }
    yield parser.end();
  } catch (error) {
    if (!(error instanceof UnclosedQuoteError)) throw error;
    throw new DataError({
      message: `A quote that opens on line ${error.line} is never closed.`,
      file: fileName,
      line: error.line,
      value: error.start,
      fix: `Close the quote on line ${error.line}, or double the quotes that are part of a value.`,
    });
  }
}

/** What the repairs of a reading were, in words. */
export function describeRepairs(repairs: { nulBytes: number; found: Repairs | null }): string[] {
  const { found, nulBytes } = repairs;
  const words: string[] = [];
  if (nulBytes) words.push(`${count(nulBytes, 'NUL byte was', 'NUL bytes were')} removed.`);
  if (!found) return words;
  if (found.blankLines) words.push(`${count(found.blankLines, 'blank line was', 'blank lines were')} skipped.`);
  if (found.looseQuotes)
    words.push(
      `${count(found.looseQuotes, 'quote')} inside quoted values ${found.looseQuotes === 1 ? 'was' : 'were'} not doubled (first: line ${found.looseQuoteLine}): kept as part of the value.`,
    );
  if (found.spacedQuotes) words.push(`Blanks before ${count(found.spacedQuotes, 'opening quote')} were removed.`);
  return words;
}
