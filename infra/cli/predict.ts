/** `warmstart predict`: rows of a file through a model, read exactly as at training, written in batches. */
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import type { ColumnType, Profile } from '#core/contracts/dataset.ts';
import type { ModelMetadata } from '#core/contracts/result.ts';
import type { Session } from '#core/contracts/runtime.ts';
import { makeFeeds } from '#core/serve/feeds.ts';
import { readModelMetadata } from '#core/serve/metadata.ts';
import { predictionHeader, predictionLines, readPredictions } from '#core/serve/predictions.ts';
import { isDataError } from '#workers/data/data-error.ts';
import { ingestFile } from '#workers/data/ingest-file.ts';
import { readParquetRows } from '#workers/data/parquet-rows.ts';
import { describeDataError } from './data-error.ts';
import { CliError, exitCodes, usageError } from './exit.ts';
import { readableFile, writable } from './paths.ts';
import { runtimeNamed } from './runtime.ts';

const limits = { rows: 1e9, columns: 100_000, bytes: 1e12 };

/**
 * Reads the file into Parquet with the model's own types, so that types and missing values are what they were at
 * training. Types are inferred first: only a file that reads differently is read a second time.
 */
async function readRows(path: string, metadata: ModelMetadata, folder: string): Promise<string> {
  const parquetPath = join(folder, 'rows.parquet');
  const request = { path, fileName: basename(path), limits, parquetPath };
  try {
    const profile = await ingestFile(request);
    const typeOverrides = differingTypes(profile, metadata);
    if (Object.keys(typeOverrides).length > 0) await ingestFile({ ...request, typeOverrides });
    warnOfMissing(profile, metadata, path);
  } catch (error) {
    if (isDataError(error)) throw new CliError(exitCodes.badData, describeDataError(error.detail, basename(path)));
    throw error;
  }
  return parquetPath;
}

function differingTypes(profile: Profile, metadata: ModelMetadata): Record<string, ColumnType> {
  const types = new Map(profile.columns.map(({ name, type }) => [name, type]));
  return Object.fromEntries(
    metadata.columns
      .filter((column) => types.has(column.name) && types.get(column.name) !== column.type)
      .map((column) => [column.name, column.type]),
  );
}

function warnOfMissing(profile: Profile, metadata: ModelMetadata, path: string): void {
  const names = new Set(profile.columns.map((column) => column.name));
  const missing = metadata.columns.filter((column) => !names.has(column.name)).map((column) => column.name);
  if (missing.length === metadata.columns.length)
    throw new CliError(
      exitCodes.badData,
      `${path} has none of the model's columns: ${missing.slice(0, 10).join(', ')}.`,
    );
  if (missing.length > 0)
    process.stderr.write(
      `${path} lacks ${missing.length} of the model's columns; they count as missing: ${missing.slice(0, 20).join(', ')}\n`,
    );
}

async function* predictionText(session: Session, metadata: ModelMetadata, parquetPath: string): AsyncGenerator<string> {
  const names = new Map(metadata.columns.map((column) => [column.input, column.name]));
  let first = true;
  for await (const batch of readParquetRows(parquetPath)) {
    const columns = new Map(
      metadata.columns.map((column) => [column.input, batch.column(names.get(column.input) ?? '')]),
    );
    const { tensors } = makeFeeds(metadata.columns, batch.rows, (row, input) => columns.get(input)?.[row]);
    const predictions = readPredictions(metadata, await session.run(tensors));
    if (first) yield `${predictionHeader(predictions)}\n`;
    first = false;
    yield predictionLines(predictions);
  }
}

export async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { out: { type: 'string' }, runtime: { type: 'string', default: 'node' } },
  });
  const [modelPath, rowsPath, ...surplus] = positionals;
  if (!modelPath || !rowsPath || !values.out || surplus.length > 0)
    throw usageError('warmstart predict MODEL.onnx ROWS --out predictions.csv [--runtime node|web]');
  const out = writable('out', values.out, [readableFile(modelPath), readableFile(rowsPath)]);
  const runtime = await runtimeNamed(values.runtime);
  const model = await readFile(modelPath);
  const metadata = metadataOf(model, modelPath);
  const folder = await mkdtemp(join(tmpdir(), 'warmstart-predict-'));
  const partial = `${out}.part`;
  try {
    const session = await runtime.createSession(model, { threads: 2 });
    const parquetPath = await readRows(rowsPath, metadata, folder);
    await pipeline(Readable.from(predictionText(session, metadata, parquetPath)), createWriteStream(partial));
    await rename(partial, out);
    await session.dispose();
    return exitCodes.ready;
  } finally {
    await rm(folder, { recursive: true, force: true });
    await rm(partial, { force: true });
  }
}

function metadataOf(model: Uint8Array, path: string): ModelMetadata {
  try {
    return readModelMetadata(model);
  } catch (error) {
    throw new CliError(exitCodes.badData, `${path}: ${(error as Error).message}`);
  }
}
