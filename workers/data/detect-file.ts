/** What kind of file this is, by its first bytes; the name is only a hint. */
import { open } from 'node:fs/promises';
import { DataError } from './data-error.ts';

export type FileKind = 'text' | 'parquet' | 'gzip' | 'zstd' | 'zip';

const foreign: readonly (readonly [name: string, bytes: readonly number[], fix: string])[] = [
  ['a PDF document', [0x25, 0x50, 0x44, 0x46], 'Export the table behind it as CSV.'],
  ['a PNG image', [0x89, 0x50, 0x4e, 0x47], 'Upload the table as CSV, TSV, Parquet or JSONL.'],
  ['a JPEG image', [0xff, 0xd8, 0xff], 'Upload the table as CSV, TSV, Parquet or JSONL.'],
  ['a GIF image', [0x47, 0x49, 0x46, 0x38], 'Upload the table as CSV, TSV, Parquet or JSONL.'],
  ['an old Excel workbook', [0xd0, 0xcf, 0x11, 0xe0], 'In Excel, save the sheet as “CSV UTF-8”.'],
  ['a SQLite database', [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65, 0x20], 'Export one table as CSV.'],
  ['an Arrow (Feather) file', [0x41, 0x52, 0x52, 0x4f, 0x57, 0x31], 'Write it as Parquet.'],
  ['an ORC file', [0x4f, 0x52, 0x43], 'Write it as Parquet.'],
  ['a 7-Zip archive', [0x37, 0x7a, 0xbc, 0xaf], 'Unpack it and upload the table itself.'],
  ['a RAR archive', [0x52, 0x61, 0x72, 0x21], 'Unpack it and upload the table itself.'],
  ['a bzip2 file', [0x42, 0x5a, 0x68], 'Unpack it, or compress with gzip.'],
  ['an xz file', [0xfd, 0x37, 0x7a, 0x58, 0x5a], 'Unpack it, or compress with gzip.'],
  ['a program', [0x7f, 0x45, 0x4c, 0x46], 'Upload a table as CSV, TSV, Parquet or JSONL.'],
  ['an HDF5 file', [0x89, 0x48, 0x44, 0x46], 'Write the table as Parquet.'],
];

/** @throws DataError for an empty file and for kinds that hold no table we read */
export async function detectFile(path: string, fileName: string): Promise<FileKind> {
  const file = await open(path);
  const head = Buffer.alloc(8192);
  let n = 0;
  try {
    n = (await file.read(head, 0, head.length, 0)).bytesRead;
  } finally {
    await file.close();
  }
  const bytes = head.subarray(0, n);
  if (n === 0)
    throw new DataError({
      message: 'The file is empty.',
      file: fileName,
      fix: 'Upload a file with a header and rows.',
    });
  const starts = (magic: readonly number[]) => magic.every((byte, i) => bytes[i] === byte);
  if (starts([0x50, 0x41, 0x52, 0x31])) return 'parquet';
  if (starts([0x1f, 0x8b])) return 'gzip';
  if (starts([0x28, 0xb5, 0x2f, 0xfd])) return 'zstd';
  if (starts([0x50, 0x4b, 3, 4]) || starts([0x50, 0x4b, 5, 6])) return 'zip';
  for (const [name, magic, fix] of foreign) {
    if (starts(magic))
      throw new DataError({ message: `This is ${name}, not a table that can be read.`, file: fileName, fix });
  }
  if (looksBinary(bytes))
    throw new DataError({
      message: 'This is a binary file, not a table that can be read.',
      file: fileName,
      fix: 'Upload the table as CSV, TSV, Parquet or JSONL.',
    });
  const text = bytes.toString('latin1').trimStart().toLowerCase();
  if (text.startsWith('<!doctype html') || text.startsWith('<html') || text.startsWith('<?xml'))
    throw new DataError({
      message: `This is ${text.startsWith('<?xml') ? 'an XML document' : 'a web page'}, not a table that can be read.`,
      file: fileName,
      value: text.slice(0, 60),
      fix: 'If it came from a download link, open the link in a browser and save the table it leads to.',
    });
  return 'text';
}

/** Control characters other than tab, line ends, form feed and escape are rare in text; NULs are UTF-16's. */
function looksBinary(bytes: Buffer): boolean {
  const marked = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (marked) return false;
  let control = 0;
  let zeros = 0;
  for (const byte of bytes) {
    if (byte === 0) zeros++;
    else if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 12 && byte !== 27) control++;
  }
  if (control > 0.02 * bytes.length) return true;
  // Zeros in every other place are wide characters; zeros all over are data.
  return zeros > 32 && zeros > 0.05 * bytes.length && !(zeros > 0.4 * bytes.length && zeros < 0.6 * bytes.length);
}
