/** A file of rows through a model, read exactly as at training, in batches: memory does not grow with the file. */
import { createWriteStream } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ColumnType, Profile } from '#core/contracts/dataset.ts';
import type { ModelMetadata } from '#core/contracts/result.ts';
import type { Session } from '#core/contracts/runtime.ts';
import { makeFeeds } from '#core/serve/feeds.ts';
import { predictionHeader, predictionLines, predictionNames, readPredictions } from '#core/serve/predictions.ts';
import { DataError } from '../data/data-error.ts';
import { openDuck, quoteText } from '../data/duckdb.ts';
import { ingestFile, type Limits } from '../data/ingest-file.ts';
import { readParquetRows } from '../data/parquet-rows.ts';

export interface RowsFile {
  readonly path: string;
  /** Name as the person knows it. */
  readonly fileName: string;
  readonly limits: Limits;
}

export interface ReadRows {
  readonly parquetPath: string;
  readonly rows: number;
  /** Columns of the model that the file lacks: they count as missing. */
  readonly absent: readonly string[];
}

/**
 * Reads a file into Parquet with the model's own types, so that types and missing values are what they were at training.
 * Types are inferred first: only a file that reads differently is read a second time.
 * @throws DataError for a file that cannot be read or that has none of the model's columns
 */
export async function readRows(file: RowsFile, metadata: ModelMetadata, folder: string): Promise<ReadRows> {
  const parquetPath = join(folder, 'rows.parquet');
  const request = { ...file, parquetPath };
  const profile = await ingestFile(request);
  const typeOverrides = differingTypes(profile, metadata);
  if (Object.keys(typeOverrides).length > 0) await ingestFile({ ...request, typeOverrides });
  const names = new Set(profile.columns.map((column) => column.name));
  const absent = metadata.columns.filter((column) => !names.has(column.name)).map((column) => column.name);
  if (absent.length === metadata.columns.length)
    throw new DataError({
      message: `It has none of the model's columns: ${absent.slice(0, 10).join(', ')}.`,
      file: file.fileName,
      fix: 'Predict a file with the columns that the model was trained on.',
    });
  return { parquetPath, rows: profile.rows, absent };
}

function differingTypes(profile: Profile, metadata: ModelMetadata): Record<string, ColumnType> {
  const types = new Map(profile.columns.map(({ name, type }) => [name, type]));
  return Object.fromEntries(
    metadata.columns
      .filter((column) => types.has(column.name) && types.get(column.name) !== column.type)
      .map((column) => [column.name, column.type]),
  );
}

/** The text of predictions.csv, batch by batch. @param onRows told how many rows are done */
export async function* predictionText(
  session: Session,
  metadata: ModelMetadata,
  parquetPath: string,
  onRows: (rows: number) => void = () => undefined,
): AsyncGenerator<string> {
  const names = new Map(metadata.columns.map((column) => [column.input, column.name]));
  let done = 0;
  for await (const batch of readParquetRows(parquetPath)) {
    const columns = new Map(
      metadata.columns.map((column) => [column.input, batch.column(names.get(column.input) ?? '')]),
    );
    const { tensors } = makeFeeds(metadata.columns, batch.rows, (row, input) => columns.get(input)?.[row]);
    const predictions = readPredictions(metadata, await session.run(tensors));
    if (done === 0) yield `${predictionHeader(predictions)}\n`;
    yield predictionLines(predictions);
    done += batch.rows;
    onRows(done);
  }
}

/** Writes predictions.csv. */
export const writePredictions = (path: string, text: AsyncIterable<string>): Promise<void> =>
  pipeline(Readable.from(text), createWriteStream(path));

/** The same table as Parquet: labels as text, everything else as float32. */
export async function csvToParquet(csvPath: string, parquetPath: string, metadata: ModelMetadata): Promise<void> {
  const duck = await openDuck({ folders: [dirname(csvPath), dirname(parquetPath)], memoryMegabytes: 256 });
  try {
    const [first, ...rest] = predictionNames(metadata.classes, Boolean(metadata.conformal?.method));
    const label = metadata.classes ? 'VARCHAR' : 'FLOAT';
    const columns = [`${quoteText(first)}: '${label}'`, ...rest.map((name) => `${quoteText(name)}: 'FLOAT'`)];
    await duck.run(
      `COPY (SELECT * FROM read_csv(${quoteText(csvPath)}, header=true, auto_detect=false, delim=',', quote='"', escape='"', columns={${columns.join(', ')}}))
       TO ${quoteText(parquetPath)} (FORMAT parquet)`,
    );
  } finally {
    await duck.close();
  }
}
