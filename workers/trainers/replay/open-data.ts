/** The tables of a replay, read and prepared as the search read and prepared them. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ColumnProfile } from '#core/contracts/dataset.ts';
import type { ReceiptContents } from '#core/contracts/receipt.ts';
import type { ReplayDifference } from '#core/contracts/replay.ts';
import { protocol, splitSeed, taskHash } from '#server/services/search/task.ts';
import { hashContent } from '../../data/content-hash.ts';
import { ingestFile } from '../../data/ingest-file.ts';
import type { TrialPool } from '../../runtime/trial-pool.ts';
import type { PrepareInput, PrepareResult } from '../prepare.ts';
import { firstDifference } from './same.ts';

/** Whoever replays a receipt asks for it: what the search could hold may be read. */
const limits = { rows: 1e9, columns: 100_000, bytes: 1e12 };

type RecordedTable = Omit<ReceiptContents['data'], 'test'>;

interface ReadTable {
  readonly facts: RecordedTable;
  readonly columns: readonly ColumnProfile[];
  readonly parquetPath: string;
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Reads a file with the types and without the rows that the search had it. */
async function readTable(
  { path, name }: TableFile,
  parquetPath: string,
  { types, excludedRows }: Pick<RecordedTable, 'types' | 'excludedRows'>,
): Promise<ReadTable> {
  const source = await hashFile(path);
  const request = { path, fileName: name, limits, parquetPath, typeOverrides: types, excludedRows };
  const profile = await ingestFile(request);
  const contentHash = hashContent(source, profile, excludedRows);
  const facts = { contentHash, source, rows: profile.rows, types, excludedRows };
  return { facts, columns: profile.columns, parquetPath };
}

export interface OpenedData {
  readonly differences: readonly ReplayDifference[];
  /** Null where the data are others: nothing can come out the same then. */
  readonly prepared: { readonly preparedPath: string; readonly testPath: string; readonly folds: number } | null;
}

export interface TableFile {
  readonly path: string;
  /** As people know it; its ending is a hint about the format. */
  readonly name: string;
}

export interface DataFiles {
  readonly data: TableFile;
  readonly test: TableFile | null;
}

/**
 * @param folder for what is written on the way
 * @throws DataError for files that cannot be read
 */
export async function openData(
  recorded: ReceiptContents,
  files: DataFiles,
  folder: string,
  pool: TrialPool,
): Promise<OpenedData> {
  const { data, task, request } = recorded;
  const differences: ReplayDifference[] = [];
  const differ = (place: ReplayDifference['place'], message: string) => differences.push({ place, message });
  const give = (prepared: OpenedData['prepared']): OpenedData => ({ differences, prepared });

  if (Boolean(files.test) !== Boolean(data.test)) {
    const words = data.test
      ? 'The search had a test file of its own; name it with --test.'
      : 'The search split its test part off the data; a test file of its own was not there.';
    differ('data', words);
    return give(null);
  }
  const table = await readTable(files.data, join(folder, 'table.parquet'), data);
  const test =
    files.test && data.test ? await readTable(files.test, join(folder, 'test-table.parquet'), data.test) : null;
  const { test: recordedTest, ...recordedTable } = data;
  compareTables(recordedTable, table.facts, files.data.name, differ);
  if (recordedTest && test) compareTables(recordedTest, test.facts, files.test?.name ?? '', differ);
  const hash = taskHash(
    { ...request, split: task.split, testFraction: task.testFraction },
    { contentHash: table.facts.contentHash },
    test && { contentHash: test.facts.contentHash },
  );
  if (task.protocol !== protocol || task.splitSeed !== splitSeed)
    differ(
      'prepared',
      `Splits and folds were made by protocol ${task.protocol}; this version makes them by ${protocol}.`,
    );
  else if (differences.length === 0 && hash !== task.hash)
    differ('data', 'The task in the receipt (target, metric, split) is not the one that its hash stands for.');
  if (differences.length > 0) return give(null);

  const input: PrepareInput = {
    tablePath: table.parquetPath,
    testTablePath: test?.parquetPath ?? null,
    trainPath: join(folder, 'train.parquet'),
    testPath: join(folder, 'test.parquet'),
    splitPath: join(folder, 'split.json'),
    preparedPath: join(folder, 'prepared.bin'),
    target: request.target,
    kind: request.kind,
    split: task.split,
    testFraction: task.testFraction,
    seed: splitSeed,
    columns: table.columns,
    positiveClass: request.positiveClass ?? null,
    costs: request.costs,
    monotone: request.monotone,
    metric: request.metric,
    budgetSeconds: request.budgetSeconds,
  };
  const outcome = await pool.run<PrepareResult>('prepare', input, { deadline: Number.POSITIVE_INFINITY });
  if (outcome.kind !== 'done') {
    differ('prepared', `The data could not be prepared: ${outcome.kind === 'failed' ? outcome.error : outcome.kind}.`);
    return give(null);
  }
  const { setup, facts } = outcome.value;
  const other = firstDifference(recorded.prepared.setup, setup);
  if (other) differ('prepared', `The prepared data differ in ${other.path}: recorded ${other.a}, now ${other.b}.`);
  for (const [name, value] of Object.entries(setup)) {
    const given = (recorded.trace.setup as unknown as Record<string, unknown>)[name];
    const apart = name === 'metaFeatures' ? null : firstDifference(given, value);
    if (apart)
      differ('prepared', `The strategy was told another ${name} (${apart.a}) than the data have (${apart.b}).`);
  }
  return give({ preparedPath: input.preparedPath, testPath: input.testPath, folds: facts.folds });
}

function compareTables(
  recorded: RecordedTable,
  now: RecordedTable,
  name: string,
  differ: (place: 'data', message: string) => void,
): void {
  const short = (hash: string | null) => hash?.slice(0, 12) ?? 'none';
  if (recorded.source !== now.source)
    differ(
      'data',
      `${name} is another file than the search had: SHA-256 ${short(now.source)}, recorded ${short(recorded.source)}` +
        `${recorded.rows === now.rows ? '' : `; it has ${now.rows} rows, recorded are ${recorded.rows}`}.`,
    );
  else if (recorded.contentHash !== now.contentHash)
    differ('data', `${name} is the same file, but this version reads columns or types in it that differ.`);
  else if (recorded.rows !== now.rows)
    differ('data', `${name}: ${recorded.rows} rows are recorded, ${now.rows} are read.`);
}
