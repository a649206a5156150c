/** Writes plain comma-separated UTF-8 that DuckDB reads without any guessing. */

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

export interface CleanWriter {
  /** One record; null and the empty string are both missing. */
  write(fields: readonly (string | null)[]): void;
  /** Waits until the disk has caught up; call it once per batch. */
  flush(): Promise<void>;
  close(): Promise<void>;
  readonly records: number;
  /** Bytes of the longest record. */
  readonly longest: number;
}

const needsQuotes = /[",\r\n]|^\s|\s$/;

export function createCleanWriter(path: string): CleanWriter {
  const stream = createWriteStream(path);
  const failed = finished(stream);
  failed.catch(() => undefined);
  let buffered = '';
  let records = 0;
  let longest = 0;
  return {
    write(fields) {
      let text = '';
      for (let i = 0; i < fields.length; i++) {
        if (i > 0) text += ',';
        const field = fields[i];
        if (field) text += needsQuotes.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
      }
      // A record of one missing value would be a blank line, which readers skip.
      buffered += text === '' ? '""\n' : `${text}\n`;
      // A character takes at most three bytes of UTF-8; only long ones are worth measuring.
      if (3 * text.length > longest) longest = Math.max(longest, Buffer.byteLength(text));
      records++;
    },
    async flush() {
      if (buffered === '') return;
      const text = buffered;
      buffered = '';
      if (!stream.write(text)) await Promise.race([once(stream, 'drain'), failed]);
    },
    async close() {
      await this.flush();
      stream.end();
      await failed;
    },
    get records() {
      return records;
    },
    get longest() {
      return longest;
    },
  };
}
