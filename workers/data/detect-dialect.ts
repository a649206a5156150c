/** Delimiter, quotes and header of a text file, from its first records. */
import type { Dialect } from './dialect.ts';
import { createRecordParser, type TextRecord } from './records.ts';

const delimiters = ['\t', ';', '|', ','] as const;
const sampleRecords = 1000;

export interface Layout {
  readonly dialect: Dialect;
  /** First records, preamble included. */
  readonly records: readonly TextRecord[];
  /** Records above the header: titles and notes. */
  readonly preamble: number;
  readonly header: boolean;
  /** Fields per record of the body. */
  readonly width: number;
  /** Data records that have one field more than the header: the first column has no name, as R writes row names. */
  readonly unnamedFirst: boolean;
  /** The sample ended inside a record. */
  readonly cut: boolean;
}

/**
 * @param sample the first characters of the file
 * @param whole the sample is the whole file
 */
export function detectLayout(sample: string, whole: boolean, fileName: string): Layout {
  const quote = detectQuote(sample);
  const escaping = detectEscape(sample, quote);
  const hint = /^sep=(.)\r?\n/i.exec(sample)?.[1];
  const tab = /\.(tsv|tab)(\.gz)?$/i.test(fileName);
  let best: { dialect: Dialect; records: TextRecord[]; cut: boolean; width: number; score: number } | null = null;
  for (const delimiter of hint ? [hint] : delimiters) {
    const dialect: Dialect = { delimiter, quote, escape: escaping };
    const { records, cut } = parseSample(sample, whole, dialect);
    const { width, share } = commonWidth(records);
    const wide = width > 1 ? 1 : 0;
    // Agreement of the records decides; among equals the order of the list, after what the file's name says.
    const score = wide * (share + (tab && delimiter === '\t' ? 0.5 : 0) + Math.min(width, 50) * 1e-6);
    if (!best || score > best.score + 1e-3) best = { dialect, records, cut, width, score };
  }
  // Nothing separates the records: one column. A comma is the usual choice, unless values hold one.
  if (!best || best.score === 0) {
    const dialect: Dialect = { delimiter: ',', quote, escape: escaping };
    const parsed = parseSample(sample, whole, dialect);
    best = { dialect, ...parsed, width: 1, score: 0 };
  }
  const { records, width } = best;
  let preamble = hint ? 1 : 0;
  if (width > 1) while (preamble < Math.min(records.length - 1, 20) && isPreamble(records, preamble, width)) preamble++;
  const head = records[preamble];
  const body = records.slice(preamble + 1);
  const unnamedFirst =
    head !== undefined && body.length > 0 && head.fields.length >= 1 && head.fields.length === width - 1 && width > 2;
  const header = head !== undefined && (unnamedFirst || looksLikeHeader(head.fields, body));
  return {
    dialect: best.dialect,
    records,
    preamble,
    header,
    width,
    unnamedFirst: header && unnamedFirst,
    cut: best.cut,
  };
}

function parseSample(sample: string, whole: boolean, dialect: Dialect): { records: TextRecord[]; cut: boolean } {
  const parser = createRecordParser(dialect);
  const records = parser.push(sample);
  if (whole) {
    try {
      records.push(...parser.end());
    } catch {
      return { records, cut: true };
    }
  }
  return { records: records.slice(0, sampleRecords), cut: !whole };
}

/** The field count that most records share, and their share; ties go to the larger count. */
function commonWidth(records: readonly TextRecord[]): { width: number; share: number } {
  const counts = new Map<number, number>();
  for (const record of records) counts.set(record.fields.length, (counts.get(record.fields.length) ?? 0) + 1);
  let width = 1;
  let most = 0;
  for (const [fields, times] of counts) {
    if (times > most || (times === most && fields > width)) {
      width = fields;
      most = times;
    }
  }
  return { width, share: records.length ? most / records.length : 0 };
}

/** A line above the table has one filled cell where the table has several. */
function isPreamble(records: readonly TextRecord[], at: number, width: number): boolean {
  const fields = records[at]!.fields;
  const filled = fields.filter((field) => field.trim() !== '').length;
  return (
    filled <= 1 && (fields.length < width || width > 2) && records[at + 1] !== undefined && fields.length !== width - 1
  );
}

function detectQuote(sample: string): '"' | "'" {
  if (sample.includes('"')) return '"';
  const single = sample.match(/(^|[,;\t|\n])'[^'\n]*'(?=[,;\t|\r\n]|$)/g)?.length ?? 0;
  const all = sample.split("'").length - 1;
  return single > 0 && single * 2 >= all * 0.9 ? "'" : '"';
}

function detectEscape(sample: string, quote: string): 'quote' | 'backslash' {
  return sample.includes(`\\${quote}`) && !sample.includes(`${quote}${quote}`) ? 'backslash' : 'quote';
}

const number = /^\s*[-+]?(\d+([.,]\d+)*|\.\d+)(e[-+]?\d+)?\s*%?$/i;

/**
 * A header names columns: it has words where the column below has numbers. With words everywhere, a first record whose
 * cells come back in their own columns is data.
 */
function looksLikeHeader(head: readonly string[], body: readonly TextRecord[]): boolean {
  if (body.length === 0) return !head.some((cell) => number.test(cell));
  let names = 0;
  let values = 0;
  let repeated = 0;
  let texts = 0;
  head.forEach((cell, c) => {
    const column = body.map((record) => record.fields[c]?.trim() ?? '').filter((value) => value !== '');
    const numeric = column.length > 0 && column.filter((value) => number.test(value)).length >= 0.8 * column.length;
    if (number.test(cell)) {
      const year = /^\s*(19|20)\d\d\s*$/.test(cell) && !column.some((value) => /^(19|20)\d\d$/.test(value));
      if (numeric && !year) values++;
    } else if (cell.trim() !== '') {
      if (numeric) names++;
      else {
        texts++;
        if (column.filter((value) => value === cell.trim()).length >= Math.max(1, column.length / 50)) repeated++;
      }
    }
  });
  if (names !== values) return names > values;
  if (texts > 0 && repeated * 2 >= texts) return false;
  return new Set(head).size === head.length || repeated === 0;
}
