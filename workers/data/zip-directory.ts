/** The directory of a zip file (APPNOTE.TXT 4.3): names and places of its entries. */
import { type FileHandle, open } from 'node:fs/promises';
import { DataError } from './data-error.ts';

export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly encrypted: boolean;
  /** Bytes in the archive and after unpacking, as the directory claims. */
  readonly packed: number;
  readonly bytes: number;
  /** Place of the first packed byte. */
  dataStart(path: string): Promise<number>;
}

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const maxEntries = 10_000;

/** @throws DataError when there is no readable directory */
export async function readZipEntries(file: FileHandle, fileName: string): Promise<ZipEntry[]> {
  const broken = () =>
    new DataError({
      message: 'The zip file is damaged or cut off and cannot be unpacked.',
      file: fileName,
      fix: 'Upload it again, or upload the table itself.',
    });
  const { size } = await file.stat();
  const tail = await bytesAt(file, Math.max(0, size - 65_557), Math.min(size, 65_557));
  let end = tail.length - 22;
  while (end >= 0 && tail.readUInt32LE(end) !== endSignature) end--;
  if (end < 0) throw broken();
  const total = tail.readUInt16LE(end + 10);
  const length = tail.readUInt32LE(end + 12);
  const start = tail.readUInt32LE(end + 16);
  if (total > maxEntries || start === 0xffffffff || start + length > size) throw broken();
  const directory = await bytesAt(file, start, length);
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let i = 0; i < total; i++) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== entrySignature) throw broken();
    const nameLength = directory.readUInt16LE(at + 28);
    const next = at + 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
    if (next > directory.length) throw broken();
    const offset = directory.readUInt32LE(at + 42);
    const packed = directory.readUInt32LE(at + 20);
    if (offset + packed > size) throw broken();
    entries.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameLength),
      method: directory.readUInt16LE(at + 10),
      encrypted: (directory.readUInt16LE(at + 8) & 1) === 1,
      packed,
      bytes: directory.readUInt32LE(at + 24),
      dataStart: async (path) => {
        const handle = await open(path);
        try {
          const head = await bytesAt(handle, offset, 30);
          if (head.length < 30) throw broken();
          return offset + 30 + head.readUInt16LE(26) + head.readUInt16LE(28);
        } finally {
          await handle.close();
        }
      },
    });
    at = next;
  }
  return entries;
}

async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}
