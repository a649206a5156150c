/** A file as uploaded becomes a Parquet file, a preview and a profile: the one way in for web, command line and samples. */
import { open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ColumnType, DataWarning, Profile } from '#core/contracts/dataset.ts';
import { targetLinks } from '#core/tasks/association.ts';
import type { TableSample } from '#core/tasks/sample.ts';
import { suggestTask } from '#core/tasks/suggest.ts';
import { targetWarnings } from '#core/tasks/target-warnings.ts';
import { unpackStream, unpackZip } from './archive.ts';
import { count, DataError, shorten } from './data-error.ts';
import { detectFile } from './detect-file.ts';
import { type Duck, openDuck, quoteText } from './duckdb.ts';
import { type InferredColumn, inferTypes } from './infer-types.ts';
import { leaveOutRows } from './leave-out-rows.ts';
import { holdsInMemory, layoutClause, namesClause } from './parquet.ts';
import { writePreview } from './preview.ts';
import { profileColumns } from './profile-columns.ts';
import { readJsonl } from './read-jsonl.ts';
import { readParquet } from './read-parquet.ts';
import { readText } from './read-text.ts';
import { writeSample } from './sample.ts';
import type { Limits, Source, SourceRequest } from './source.ts';
import { numberSpellings, withSpellings } from './spellings.ts';
import { tableWarnings } from './table-warnings.ts';

export type { Limits } from './source.ts';

export interface IngestRequest {
  readonly path: string;
  /** Name as uploaded: for messages, and a hint about the format. */
  readonly fileName: string;
  /** Types set by hand, by column name. */
  readonly typeOverrides?: Readonly<Record<string, ColumnType>>;
  /** Rows of the file to leave out, ascending from 0. */
  readonly excludedRows?: readonly number[];
  readonly limits: Limits;
  readonly parquetPath: string;
  /** JSON lines; its index goes beside it as `<previewPath>.index`. */
  readonly previewPath?: string;
  /** A random sample for the link with a target, packed. */
  readonly samplePath?: string;
  /** Of DuckDB, which spills to disk beyond it; 512 when left out. A 1 GB file then peaks at about 0.8 GB resident. */
  readonly memoryMegabytes?: number;
  /** Share done, 0 to 1, and what is being done. */
  readonly onProgress?: (share: number, doing: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * @returns the profile, with everything that reading corrected
 * @throws DataError for files that cannot be read without guessing; nothing is left at the paths then
 */
export async function ingestFile(request: IngestRequest): Promise<Profile> {
  const outputs = [request.parquetPath, request.previewPath, request.samplePath].filter((path) => path !== undefined);
  const duck = await openDuck({
    folders: [request.path, ...outputs].map(dirname),
    memoryMegabytes: request.memoryMegabytes ?? 512,
    signal: request.signal,
  });
  try {
    return await ingest(duck, request);
  } catch (error) {
    for (const path of [...outputs, `${request.previewPath}.index`]) await rm(path, { force: true });
    throw error;
  } finally {
    await duck.close();
  }
}

async function ingest(duck: Duck, request: IngestRequest): Promise<Profile> {
  const { fileName, parquetPath, onProgress = () => undefined } = request;
  const overrides = request.typeOverrides ?? {};
  onProgress(0, 'Reading the file');
  const whole = await readSource(duck, request, new Set(Object.keys(overrides)));
  const source = await leaveOutRows(duck, whole, request.excludedRows ?? []);
  const unknown = Object.keys(overrides).find((name) => !source.names.includes(name));
  if (unknown !== undefined)
    throw new DataError({
      message: `There is no column ${unknown}.`,
      file: fileName,
      column: unknown,
      fix: 'Set types of columns that the file has.',
    });
  onProgress(0.4, 'Finding the types');
  const untyped = source.names.flatMap((_, i) => (source.plans.has(i) ? [] : [i]));
  const proved = await inferTypes({
    duck,
    table: 'raw',
    columns: untyped.map((index) => ({ index, name: source.names[index] ?? '' })),
    rows: source.rows,
    overrides,
    decimalCommaFirst: source.decimalCommaFirst,
    fileName,
  });
  const all = source.names.map((name, index) => {
    const fixed = source.plans.get(index);
    const inferred: InferredColumn = fixed ? { plan: fixed } : (proved.get(index) as InferredColumn);
    return { index, name, inferred };
  });
  // A delimiter at the end of every line makes a column without name and values: there is nothing in it to keep.
  const columns = all.filter(({ index, inferred }) => !(inferred.empty && source.unnamed.has(index)));
  const dropped = all.length - columns.length;
  const corrections = source.corrections.filter(
    (text) => !all.some((column) => !columns.includes(column) && text.endsWith(`it is called ${column.name}.`)),
  );
  if (dropped)
    corrections.push(
      `${count(dropped, 'column')} without a name and without values ${dropped === 1 ? 'is' : 'are'} left out.`,
    );
  if (columns.length === 0)
    throw new DataError({
      message: 'The file holds no values.',
      file: fileName,
      fix: 'Upload a file with a header and rows.',
    });
  corrections.push(...(await columnCorrections(columns, source)));
  onProgress(0.5, 'Writing the table');
  const kinds = columns.map(({ inferred }) =>
    inferred.plan.type === 'number' ? ('number' as const) : ('string' as const),
  );
  const names = columns.map(({ name }) => name);
  const typed = `SELECT ${columns.map(({ inferred }, i) => `${inferred.plan.value} AS c${i}`).join(', ')} FROM raw`;
  const held = holdsInMemory(columns.length, source.rows);
  if (held) await duck.run(`CREATE TABLE typed AS ${typed}`);
  await duck.run(
    `COPY (${held ? 'SELECT * FROM typed' : typed})
     TO ${quoteText(parquetPath)} (FORMAT parquet, ${layoutClause(columns.length)}, ${namesClause(names, kinds)})`,
  );
  const written = held ? 'typed' : `read_parquet(${quoteText(parquetPath)})`;
  const spellings = await numberSpellings(
    duck,
    'raw',
    columns.flatMap(({ index, inferred: { plan } }) =>
      plan.type === 'number' && !source.plans.has(index) ? [{ index, value: plan.value }] : [],
    ),
    source.rows,
  );
  await duck.run('DROP TABLE raw');
  const counted = await profileColumns(
    duck,
    written,
    columns.map(({ name, inferred }, i) => ({
      name,
      type: inferred.plan.type,
      kind: kinds[i] as 'number' | 'string',
      dateFormat: inferred.plan.dateFormat,
    })),
    source.rows,
    (share) => onProgress(0.6 + 0.3 * share, 'Counting'),
  );
  const profiles = counted.map((profile, i) => withSpellings(profile, spellings.get(columns[i]?.index ?? -1)));
  const warnings = await tableWarnings({
    duck,
    source: written,
    profiles,
    inferred: columns.map(({ inferred }) => inferred),
    rows: source.rows,
    locate: source.locate,
  });
  onProgress(0.95, 'Writing the preview');
  if (request.previewPath) await writePreview(duck, written, columns.length, request.previewPath);
  const sample = await writeSample(duck, written, profiles, request.samplePath);
  const profile: Profile = { rows: source.rows, columns: profiles, warnings, corrections, format: source.format };
  onProgress(1, 'Done');
  return { ...profile, warnings: rank([...likelyTargetWarnings(profile, sample), ...warnings]) };
}

async function readSource(duck: Duck, request: IngestRequest, typed: ReadonlySet<string>): Promise<Source> {
  const { limits, signal } = request;
  const maxBytes = limits.bytes ?? 8 * 1024 ** 3;
  let { path, fileName } = request;
  const corrections: string[] = [];
  let kind = await detectFile(path, fileName);
  if (kind !== 'text' && kind !== 'parquet') {
    const target = join(duck.folder, 'unpacked');
    const outer = fileName;
    fileName =
      kind === 'zip'
        ? await unpackZip(path, fileName, target, maxBytes)
        : await unpackStream(kind, path, fileName, target, maxBytes);
    corrections.push(
      kind === 'zip' ? `The table ${fileName} was read out of ${outer}.` : `The file was unpacked (${kind}).`,
    );
    path = target;
    kind = await detectFile(path, fileName);
    if (kind !== 'text' && kind !== 'parquet')
      throw new DataError({
        message: 'The archive holds another archive.',
        file: outer,
        fix: 'Upload the table itself.',
      });
  }
  const source: SourceRequest = { duck, path, fileName, limits, typed, signal };
  const read = kind === 'parquet' ? readParquet : (await looksLikeJson(path, fileName)) ? readJsonl : readText;
  const found = await read(source);
  return { ...found, corrections: [...corrections, ...found.corrections] };
}

/** By the name, or by a first line that is an object; a first line in brackets counts only with the name. */
async function looksLikeJson(path: string, fileName: string): Promise<boolean> {
  if (/\.(jsonl|ndjson|json)$/i.test(fileName)) return true;
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
    const head = buffer
      .toString('utf8', 0, bytesRead)
      .replace(/^\ufeff/, '')
      .trimStart();
    return /^\{\s*"[^"\n]*"\s*:/.test(head);
  } finally {
    await file.close();
  }
}

async function columnCorrections(
  columns: readonly { name: string; inferred: InferredColumn }[],
  source: Source,
): Promise<string[]> {
  const words: string[] = [];
  for (const { name, inferred } of columns) {
    const { plan, lost } = inferred;
    if (plan.words)
      words.push(
        `${name} is written with ${plan.words}: it is read as numbers, 12 % as 12.`.replace(
          plan.words.includes('percent') ? '' : ', 12 % as 12',
          '',
        ),
      );
    if (inferred.infinite)
      words.push(`${name}: ${count(inferred.infinite, 'infinite value is', 'infinite values are')} read as missing.`);
    if (inferred.marked)
      words.push(
        `${name}: ${count(inferred.marked, 'cell that says', 'cells that say')} NA, null, ? or the like ${inferred.marked === 1 ? 'is' : 'are'} read as missing.`,
      );
    if (inferred.ambiguousDate)
      words.push(`${name} is read as ${plan.dateFormat}; day and month could also be the other way round.`);
    if (lost) {
      const line = await source.locate(lost.row);
      words.push(
        `${name}: ${count(lost.cells, 'cell')} that ${lost.cells === 1 ? 'is' : 'are'} no ${plan.type} ${lost.cells === 1 ? 'is' : 'are'} read as missing (first: “${shorten(lost.value, 40)}”${line === null ? '' : ` on line ${line}`}).`,
      );
    }
  }
  return words.length > 60
    ? [...words.slice(0, 60), `${words.length - 60} more columns were read in such a way.`]
    : words;
}

const severities = { serious: 0, warning: 1, info: 2 } as const;
const rank = (warnings: readonly DataWarning[]): DataWarning[] =>
  warnings.toSorted((a, b) => severities[a.severity] - severities[b.severity]);

/** Shares of all columns' scores: below this no column looks like a target enough to speak of it. */
const likely = 0.3;

/** Warnings that need a target, for the column that looks most like one. */
function likelyTargetWarnings(profile: Profile, sample: TableSample): DataWarning[] {
  const suggestion = suggestTask(profile);
  const column = profile.columns.find((c) => c.name === suggestion?.target);
  if (!suggestion || !column || (suggestion.targets[0]?.score ?? 0) < likely) return [];
  return targetWarnings(profile, column, suggestion.kind, targetLinks(sample, column.name, suggestion.kind));
}
