/** Splits delimited text into records, forgiving what can be repaired without guessing and counting every repair. */
import type { Dialect } from './dialect.ts';

export interface TextRecord {
  readonly fields: string[];
  /** Line the record begins on, counted from 1. */
  readonly line: number;
}

/** What was repaired, with the line of its first occurrence. */
export interface Repairs {
  blankLines: number;
  /** Quotes inside quotes that were not doubled. */
  looseQuotes: number;
  looseQuoteLine: number;
  /** Blanks between a delimiter and an opening quote. */
  spacedQuotes: number;
}

/** A record longer than this has a quote that nobody closed. */
export const maxRecordLength = 16 * 1024 * 1024;

export class UnclosedQuoteError extends Error {
  readonly line: number;
  readonly start: string;
  constructor(line: number, start: string) {
    super('unclosed quote');
    this.line = line;
    this.start = start;
  }
}

export interface RecordParser {
  /** @returns the records that are complete; the rest waits for more text */
  push(text: string): TextRecord[];
  /** @returns the last records @throws UnclosedQuoteError */
  end(): TextRecord[];
  readonly repairs: Repairs;
}

export function createRecordParser(dialect: Dialect): RecordParser {
  const repairs: Repairs = { blankLines: 0, looseQuotes: 0, looseQuoteLine: 0, spacedQuotes: 0 };
  const { delimiter, quote } = dialect;
  const backslash = dialect.escape === 'backslash';
  let rest = '';
  let line = 1;
  let position = 0;
  let text = '';
  let final = false;

  /** Reads a quoted field that opens at `at`. @returns the index after the closing quote and blanks, or -1 when more text is needed */
  const quoted = (at: number, fields: string[]): number => {
    let from = at + 1;
    let value = '';
    for (let i = from; ; i++) {
      const close = text.indexOf(quote, i);
      if (close < 0) return -1;
      if (backslash && escaped(text, close, from)) {
        value += `${text.slice(from, close - 1)}${quote}`;
        from = close + 1;
        i = close;
        continue;
      }
      if (!backslash && text[close + 1] === quote) {
        value += text.slice(from, close + 1);
        from = close + 2;
        i = close + 1;
        continue;
      }
      let next = close + 1;
      while (text[next] === ' ') next++;
      if (next >= text.length && !final) return -1;
      const after = text[next];
      if (after === undefined || after === delimiter || after === '\n' || after === '\r') {
        fields.push(value + text.slice(from, close));
        return next;
      }
      repairs.looseQuotes++;
      repairs.looseQuoteLine ||= line;
      i = close;
    }
  };

  /** Reads one record from `position`. @returns null when more text is needed; `position` then stands where it was */
  const record = (): string[] | null => {
    const fields: string[] = [];
    const before = { ...repairs };
    let at = position;
    for (;;) {
      let start = at;
      while (text[start] === ' ') start++;
      if (text[start] === quote) {
        if (start > at) repairs.spacedQuotes++;
        at = quoted(start, fields);
        if (at < 0) {
          Object.assign(repairs, before);
          return null;
        }
      } else {
        let stop = at;
        for (; stop < text.length; stop++) {
          const c = text[stop];
          if (c === delimiter || c === '\n' || c === '\r') break;
        }
        if (stop >= text.length && !final) {
          Object.assign(repairs, before);
          return null;
        }
        fields.push(text.slice(at, stop));
        at = stop;
      }
      const c = text[at];
      if (c === delimiter) {
        at++;
        continue;
      }
      if (c === '\r') {
        // A line end may be cut between its two characters.
        if (at + 1 >= text.length && !final) {
          Object.assign(repairs, before);
          return null;
        }
        at += text[at + 1] === '\n' ? 2 : 1;
      } else if (c === '\n') at++;
      position = at;
      return fields;
    }
  };

  const drain = (): TextRecord[] => {
    const records: TextRecord[] = [];
    position = 0;
    while (position < text.length) {
      const start = position;
      const fields = record();
      if (!fields) {
        if (final || text.length - start > maxRecordLength)
          throw new UnclosedQuoteError(line, text.slice(start, start + 200));
        break;
      }
      const blank = fields.length === 1 && fields[0] === '' && text[start] !== quote;
      if (blank) repairs.blankLines++;
      else records.push({ fields, line });
      line += countLines(text, start, position);
    }
    rest = text.slice(position);
    return records;
  };

  return {
    push(chunk) {
      text = rest + chunk;
      return drain();
    },
    end() {
      text = rest;
      final = true;
      return drain();
    },
    repairs,
  };
}

/** True where an odd number of backslashes stands before `at`. */
function escaped(text: string, at: number, from: number): boolean {
  let slashes = 0;
  while (at - 1 - slashes >= from && text[at - 1 - slashes] === '\\') slashes++;
  return slashes % 2 === 1;
}

/** Line ends (`\n`, `\r\n`, lone `\r`) between two positions. */
function countLines(text: string, from: number, to: number): number {
  let lines = 0;
  for (let i = from; i < to; i++) {
    const c = text.charCodeAt(i);
    if (c === 10 || (c === 13 && text.charCodeAt(i + 1) !== 10)) lines++;
  }
  return lines;
}
