/** A fast look at every byte of a delimited UTF-8 file: is it so regular that DuckDB can read it as it stands? */
import { createReadStream } from 'node:fs';
import type { Dialect } from './dialect.ts';

export interface Structure {
  /** Records with the header, if there is one. */
  readonly records: number;
  /** Every record has `width` fields, line ends are alike, quotes are well-formed, no NUL, no blank line. */
  readonly regular: boolean;
}

const plain = 0;
const separator = 1;
const quoteMark = 2;
const newline = 3;
const carriage = 4;
const nul = 5;

/** Longer records go the careful way, so that DuckDB's line buffer is never the limit. */
export const longRecord = 1_000_000;

/**
 * Stops at the first irregularity, because the careful reader then does the whole work again.
 * @param width fields that every record must have
 */
export async function scanStructure(path: string, dialect: Dialect, width: number, mark: number): Promise<Structure> {
  const kinds = new Uint8Array(256);
  kinds[dialect.delimiter.charCodeAt(0)] = separator;
  kinds[dialect.quote.charCodeAt(0)] = quoteMark;
  kinds[10] = newline;
  kinds[13] = carriage;
  kinds[0] = nul;
  let records = 0;
  let fields = 1;
  let length = 0;
  let fieldLength = 0;
  /** 0: outside quotes, 1: inside, 2: just after a quote inside. */
  let quoted = 0;
  let afterCarriage = false;
  let spaced = false;
  let crlf = -1;
  const stream = createReadStream(path, { highWaterMark: 1024 * 1024, start: mark });
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const n = chunk.length;
    for (let i = 0; i < n; i++) {
      const byte = chunk[i]!;
      const kind = kinds[byte]!;
      length++;
      if (kind === plain && quoted === 0 && !afterCarriage) {
        if (fieldLength === 0 && byte === 32) spaced = true;
        // The rest of the cell: nearly all bytes of a file are passed here.
        const from = i;
        while (i + 1 < n && kinds[chunk[i + 1]!] === plain) i++;
        length += i - from;
        fieldLength += i - from + 1;
        continue;
      }
      if (quoted === 1) {
        if (kind === quoteMark) quoted = 2;
        else if (kind === nul) return { records, regular: false };
        continue;
      }
      if (quoted === 2) {
        if (kind === quoteMark) {
          quoted = 1;
          continue;
        }
        if (kind === plain || kind === nul) return { records, regular: false };
        quoted = 0;
      }
      if (afterCarriage && kind !== newline) return { records, regular: false };
      if (kind === separator) {
        fields++;
        fieldLength = 0;
        spaced = false;
      } else if (kind === quoteMark) {
        // A quote after blanks is meant as an opening one; DuckDB would take it as text.
        if (spaced) return { records, regular: false };
        if (fieldLength === 0) quoted = 1;
        fieldLength++;
      } else if (kind === newline) {
        const style = afterCarriage ? 1 : 0;
        if (crlf < 0) crlf = style;
        if (fields !== width || style !== crlf || length > longRecord || length === 1 + style)
          return { records, regular: false };
        records++;
        fields = 1;
        fieldLength = 0;
        length = 0;
        afterCarriage = false;
        spaced = false;
      } else if (kind === carriage) afterCarriage = true;
      else return { records, regular: false };
    }
  }
  if (quoted === 1 || afterCarriage) return { records, regular: false };
  if (length > 0) {
    if (fields !== width || length > longRecord) return { records, regular: false };
    records++;
  }
  return { records, regular: true };
}
