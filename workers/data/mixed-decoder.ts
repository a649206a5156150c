/** Reads UTF-8 in which single bytes of Windows-1252 stand between, as files glued together from two sources have them. */
import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { sequenceLength } from './encoding.ts';

export function createMixedDecoder(): { write(chunk: Buffer): string; end(): string | undefined } {
  let carry: Buffer = Buffer.alloc(0);
  const decode = (bytes: Buffer, last: boolean): string => {
    let out = '';
    let from = 0;
    let i = 0;
    while (i < bytes.length) {
      const length = sequenceLength(bytes[i]!);
      if (length === 1) {
        i++;
        continue;
      }
      if (length > 1 && i + length > bytes.length && !last) break;
      if (length > 1 && i + length <= bytes.length && isUtf8(bytes.subarray(i, i + length))) {
        i += length;
        continue;
      }
      out += bytes.toString('utf8', from, i) + iconv.decode(bytes.subarray(i, i + 1), 'windows-1252');
      i++;
      from = i;
    }
    carry = Buffer.from(bytes.subarray(i));
    return out + bytes.toString('utf8', from, i);
  };
  return {
    write: (chunk) => decode(carry.length ? Buffer.concat([carry, chunk]) : chunk, false),
    end: () => decode(carry, true) || undefined,
  };
}
