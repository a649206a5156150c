/** Tables inside gzip and zip files, unpacked to a file as a stream, with a limit on what comes out. */
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createInflateRaw, createZstdDecompress } from 'node:zlib';
import { DataError } from './data-error.ts';
import { readZipEntries, type ZipEntry } from './zip-directory.ts';

const tableName = /\.(csv|tsv|tab|txt|jsonl|ndjson|json|parquet|data)$/i;

/**
 * @param maxBytes what the unpacked table may hold
 * @throws DataError for broken archives and for more than `maxBytes`
 */
export async function unpackStream(
  kind: 'gzip' | 'zstd',
  path: string,
  fileName: string,
  target: string,
  maxBytes: number,
): Promise<string> {
  const inflate = kind === 'gzip' ? createGunzip() : createZstdDecompress();
  await unpack(createReadStream(path), inflate, target, maxBytes, fileName);
  return fileName.replace(/\.(gz|gzip|zst|zstd)$/i, '');
}

/**
 * Unpacks the one table of a zip file.
 * @returns its name inside the archive
 * @throws DataError when there is none or more than one, for path tricks, encryption and broken archives
 */
export async function unpackZip(path: string, fileName: string, target: string, maxBytes: number): Promise<string> {
  const file = await open(path);
  let entries: ZipEntry[];
  try {
    entries = await readZipEntries(file, fileName);
  } finally {
    await file.close();
  }
  for (const entry of entries) {
    if (/^([/\\]|[A-Za-z]:)|(^|[/\\])\.\.([/\\]|$)/.test(entry.name) || entry.name.includes('\u0000'))
      throw new DataError({
        message: 'The zip file holds an entry whose name points outside the archive.',
        file: fileName,
        value: entry.name,
        fix: 'Upload the table itself.',
      });
  }
  if (entries.some((entry) => entry.name === '[Content_Types].xml' || entry.name === 'mimetype'))
    throw new DataError({
      message: 'This is a workbook or document (Excel, OpenDocument), not a table that can be read.',
      file: fileName,
      fix: 'In the spreadsheet program, save the sheet as “CSV UTF-8”.',
    });
  const files = entries.filter((entry) => !entry.name.endsWith('/') && !/(^|\/)(__MACOSX\/|\.)/.test(entry.name));
  const tables = files.filter((entry) => tableName.test(entry.name));
  const [entry] = tables;
  if (!entry || tables.length > 1)
    throw new DataError({
      message: entry
        ? `The zip file holds ${tables.length} tables; which one is meant is not clear.`
        : 'The zip file holds no table.',
      file: fileName,
      value: (entry ? tables : files)
        .slice(0, 5)
        .map((e) => e.name)
        .join(', '),
      fix: 'Upload one CSV, TSV, Parquet or JSONL file, or a zip file with exactly one of them.',
    });
  if (entry.encrypted)
    throw new DataError({
      message: 'The zip file is protected by a password.',
      file: fileName,
      fix: 'Upload it without.',
    });
  if (entry.method !== 0 && entry.method !== 8)
    throw new DataError({
      message: `The zip file uses a compression (method ${entry.method}) that is not read here.`,
      file: fileName,
      fix: 'Unpack it and upload the table itself.',
    });
  if (entry.bytes > maxBytes) throw tooLarge(fileName, maxBytes);
  const start = await entry.dataStart(path);
  const source =
    entry.packed > 0
      ? createReadStream(path, { start, end: start + entry.packed - 1 })
      : createReadStream(path, { end: -1 });
  await unpack(source, entry.method === 8 ? createInflateRaw() : null, target, maxBytes, fileName);
  return entry.name.split('/').at(-1) ?? entry.name;
}

async function unpack(
  source: Readable,
  inflate: Transform | null,
  target: string,
  maxBytes: number,
  fileName: string,
): Promise<void> {
  let bytes = 0;
  // What comes out is counted, not what the archive claims: a bomb lies about its size.
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(bytes > maxBytes ? tooLarge(fileName, maxBytes) : null, chunk);
    },
  });
  try {
    if (inflate) await pipeline(source, inflate, limit, createWriteStream(target));
    else await pipeline(source, limit, createWriteStream(target));
  } catch (error) {
    if (error instanceof DataError) throw error;
    if (String((error as NodeJS.ErrnoException).code).match(/^(Z_|ZSTD_)/))
      throw new DataError({
        message: 'The archive is damaged or cut off and cannot be unpacked.',
        file: fileName,
        fix: 'Upload it again, or upload the table itself.',
      });
    throw error;
  }
}

function tooLarge(file: string, maxBytes: number): DataError {
  return new DataError({
    message: `Unpacked, the table is larger than ${Math.round(maxBytes / 1024 ** 2).toLocaleString('en-US')} MB, which is the limit here.`,
    file,
    fix: 'Upload a sample of the rows, or a Parquet file, which is smaller.',
  });
}
