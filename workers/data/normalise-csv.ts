/** Rewrites an irregular text table as a clean one, repairing what is certain and refusing what is not. */
import { createCleanWriter } from './clean-writer.ts';
import { count, DataError } from './data-error.ts';
import type { Layout } from './detect-dialect.ts';
import type { Encoding } from './encoding.ts';
import type { Repairs } from './records.ts';
import { describeRepairs, readRecords } from './text-records.ts';

export interface Normalised {
  readonly rows: number;
  /** Bytes of the longest record of the clean file. */
  readonly longest: number;
  readonly corrections: string[];
}

/** One cell may hold this many characters. */
const maxField = 1_000_000;

export interface NormaliseRequest {
  readonly path: string;
  readonly fileName: string;
  readonly encoding: Encoding;
  readonly layout: Layout;
  readonly names: readonly string[];
  /** The clean file: no header, `names.length` fields per record. */
  readonly cleanPath: string;
  readonly maxRows: number;
  readonly signal?: AbortSignal | undefined;
}

/** @throws DataError for records with more values than the header has names, and for cells beyond the limit */
export async function normaliseCsv(request: NormaliseRequest): Promise<Normalised> {
  const { layout, names, fileName } = request;
  const width = names.length;
  const writer = createCleanWriter(request.cleanPath);
  const repairs: { nulBytes: number; found: Repairs | null } = { nulBytes: 0, found: null };
  let skip = layout.preamble + (layout.header ? 1 : 0);
  let short = 0;
  let shortLine = 0;
  let long = 0;
  let longLine = 0;
  try {
    for await (const batch of readRecords(request.path, fileName, request.encoding, layout.dialect, repairs)) {
      request.signal?.throwIfAborted();
      for (const { fields, line } of batch) {
        if (skip > 0) {
          skip--;
          continue;
        }
        if (fields.length < width) {
          short++;
          shortLine ||= line;
          while (fields.length < width) fields.push('');
        } else if (fields.length > width) {
          const extra = fields.slice(width).find((field) => field.trim() !== '');
          if (extra !== undefined) throw tooManyValues(fileName, line, fields, width, layout.dialect.delimiter);
          long++;
          longLine ||= line;
          fields.length = width;
        }
        const huge = fields.findIndex((field) => field.length > maxField);
        if (huge >= 0)
          throw new DataError({
            message: `A value on line ${line} is ${fields[huge]!.length.toLocaleString('en-US')} characters long; at most ${maxField.toLocaleString('en-US')} are read.`,
            file: fileName,
            line,
            column: names[huge],
            value: fields[huge],
            fix: 'Shorten the value, or look for a quote that is never closed.',
          });
        writer.write(fields);
        if (writer.records > request.maxRows) throw tooManyRows(fileName, request.maxRows);
      }
      await writer.flush();
    }
  } finally {
    await writer.close();
  }
  const corrections = describeRepairs(repairs);
  if (short)
    corrections.push(
      `${count(short, 'row is', 'rows are')} shorter than the header (first: line ${shortLine}): the cells at the end are read as missing.`,
    );
  if (long)
    corrections.push(
      `${count(long, 'row has', 'rows have')} empty cells beyond the last column (first: line ${longLine}): those are left out.`,
    );
  return { rows: writer.records, longest: writer.longest, corrections };
}

export function tooManyRows(fileName: string, limit: number): DataError {
  return new DataError({
    message: `The table has more than ${limit.toLocaleString('en-US')} rows, which is the limit here.`,
    file: fileName,
    fix: 'Upload a sample of the rows, or ask whoever runs this server to raise MAX_ROWS.',
  });
}

function tooManyValues(
  file: string,
  line: number,
  fields: readonly string[],
  width: number,
  delimiter: string,
): DataError {
  const name = delimiter === '\t' ? 'tab' : delimiter;
  return new DataError({
    message: `Line ${line} has ${fields.length} values, but the header names ${count(width, 'column')}.`,
    file,
    line,
    value: fields.join(delimiter),
    fix: `If a value holds the delimiter (${name}), put it in double quotes; otherwise remove the extra value on line ${line}.`,
  });
}
