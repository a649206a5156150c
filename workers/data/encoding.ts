/** Which character encoding a text file is in, from all its bytes. */
import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import chardet from 'chardet';
import iconv from 'iconv-lite';
import { createMixedDecoder } from './mixed-decoder.ts';

export interface Encoding {
  /** A name that iconv-lite knows, or `mixed`: UTF-8 with some bytes of Windows-1252 between. */
  readonly name: string;
  /** Bytes of the byte order mark. */
  readonly mark: number;
}

const chunkBytes = 1024 * 1024;

/** @param path a text file; it is read once, in chunks */
export async function detectEncoding(path: string): Promise<Encoding> {
  let first: Buffer | null = null;
  let carry: Buffer = Buffer.alloc(0);
  let valid = true;
  let multibyte = 0;
  let invalid = 0;
  /** Bytes around the ones that are not ASCII: what the guess is made from. */
  const samples: Buffer[] = [];
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes }) as AsyncIterable<Buffer>) {
    if (!first) {
      first = chunk;
      const marked = byMark(chunk) ?? wide(chunk);
      if (marked) return marked;
    }
    const bytes = carry.length ? Buffer.concat([carry, chunk]) : chunk;
    const end = bytes.length - openBytes(bytes);
    const whole = bytes.subarray(0, end);
    carry = Buffer.from(bytes.subarray(end));
    if (isUtf8(whole)) continue;
    valid = false;
    const counts = countUtf8(whole, samples);
    multibyte += counts.multibyte;
    invalid += counts.invalid;
  }
  if (carry.length && !isUtf8(carry)) {
    valid = false;
    invalid++;
    samples.push(carry);
  }
  if (valid) return { name: 'utf-8', mark: 0 };
  if (multibyte > 4 * invalid) return { name: 'mixed', mark: 0 };
  return { name: guess(Buffer.concat(samples)), mark: 0 };
}

function byMark(head: Buffer): Encoding | null {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { name: 'utf-8', mark: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { name: 'utf-16le', mark: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { name: 'utf-16be', mark: 2 };
  return null;
}

/** UTF-16 without a mark: nearly every other byte of Western text is zero. */
function wide(head: Buffer): Encoding | null {
  const n = Math.min(head.length, 4096) & ~1;
  if (n < 4) return null;
  let even = 0;
  let odd = 0;
  for (let i = 0; i < n; i += 2) {
    if (head[i] === 0) even++;
    if (head[i + 1] === 0) odd++;
  }
  const pairs = n / 2;
  if (odd > 0.4 * pairs && even < 0.05 * pairs) return { name: 'utf-16le', mark: 0 };
  if (even > 0.4 * pairs && odd < 0.05 * pairs) return { name: 'utf-16be', mark: 0 };
  return null;
}

/** Bytes at the end that begin a character whose rest is in the next chunk. */
function openBytes(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    const length = sequenceLength(byte);
    return length > back ? back : 0;
  }
  return 0;
}

/** Length that the first byte of a UTF-8 character announces; 0 for a byte that cannot begin one. */
export function sequenceLength(byte: number): number {
  if (byte < 0x80) return 1;
  if (byte >= 0xc2 && byte < 0xe0) return 2;
  if (byte >= 0xe0 && byte < 0xf0) return 3;
  if (byte >= 0xf0 && byte < 0xf5) return 4;
  return 0;
}

function countUtf8(bytes: Buffer, samples: Buffer[]): { multibyte: number; invalid: number } {
  let multibyte = 0;
  let invalid = 0;
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i]! < 0x80) continue;
    const length = sequenceLength(bytes[i]!);
    if (length > 1 && isUtf8(bytes.subarray(i, i + length))) {
      multibyte++;
      i += length - 1;
      continue;
    }
    invalid++;
    if (samples.length < 2000) samples.push(bytes.subarray(Math.max(0, i - 16), i + 48));
  }
  return { multibyte, invalid };
}

/** Western single-byte text is read as Windows-1252, which holds Latin-1; other alphabets as the detector says. */
function guess(sample: Buffer): string {
  const found = chardet.detect(sample) ?? 'windows-1252';
  const western = /^(iso-8859-(1|2|9|15)|windows-125(0|2|4)|ascii|utf)/i.test(found);
  return western || !iconv.encodingExists(found) ? 'windows-1252' : found.toLowerCase();
}

/** The text of a file, decoded in chunks, without its byte order mark. */
export async function* decodeFile(path: string, encoding: Encoding): AsyncGenerator<string> {
  const decoder = encoding.name === 'mixed' ? createMixedDecoder() : iconv.getDecoder(encoding.name);
  const stream = createReadStream(path, { highWaterMark: chunkBytes, start: encoding.mark });
  for await (const chunk of stream as AsyncIterable<Buffer>) yield decoder.write(chunk);
  const last = decoder.end();
  if (last) yield last;
}
