/** One DuckDB per job: in memory, with a memory limit, spilling to a folder of its own, and no way out to other files. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBDataChunk, DuckDBInstance } from '@duckdb/node-api';

export interface Duck {
  /** A private folder for intermediate files; gone after `close`. */
  readonly folder: string;
  run(sql: string): Promise<void>;
  /** All rows as plain values; bigint counts come as numbers. For small results. */
  rows(sql: string): Promise<unknown[][]>;
  /** Chunks of up to 2,048 rows, in order, without holding the whole result. */
  chunks(sql: string): AsyncIterable<DuckDBDataChunk>;
  close(): Promise<void>;
}

export interface DuckOptions {
  /** Folders whose files may be read and written, besides the private one. */
  readonly folders: readonly string[];
  readonly memoryMegabytes?: number;
  readonly threads?: number;
  /** Stops the statement that is running. */
  readonly signal?: AbortSignal | undefined;
}

export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

export async function openDuck(options: DuckOptions): Promise<Duck> {
  const folder = await mkdtemp(join(tmpdir(), 'warmstart-table-'));
  const { signal } = options;
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(options.threads ?? 2),
    memory_limit: `${options.memoryMegabytes ?? 1024}MB`,
    temp_directory: join(folder, 'spill'),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  const interrupt = () => connection.interrupt();
  const close = async () => {
    signal?.removeEventListener('abort', interrupt);
    connection.closeSync();
    instance.closeSync();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    // The order matters: without allowed folders, switching external access off blocks our own files too.
    const allowed = [folder, ...options.folders].map((dir) => quoteText(`${dir.replace(/\/$/, '')}/`));
    await connection.run(`SET allowed_directories = [${allowed.join(', ')}]`);
    await connection.run('SET enable_external_access = false');
  } catch (error) {
    await close();
    throw error;
  }
  signal?.addEventListener('abort', interrupt);
  const guard = async <T>(work: () => Promise<T>): Promise<T> => {
    signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  };
  return {
    folder,
    run: (sql) => guard(async () => void (await connection.run(sql))),
    rows: (sql) =>
      guard(async () => {
        const reader = await connection.runAndReadAll(sql);
        return reader.getRows().map((row) => row.map(plain));
      }),
    async *chunks(sql) {
      const result = await guard(() => connection.stream(sql));
      for (;;) {
        const chunk = await guard(() => result.fetchChunk());
        if (!chunk || chunk.rowCount === 0) return;
        yield chunk;
      }
    },
    close,
  };
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value !== null && typeof value === 'object' && 'items' in value && Array.isArray(value.items))
    return value.items.map(plain);
  return value;
}

/**
 * Vectors hold 2,048 values of every column at once, per thread: thousands of columns need one thread and more memory.
 * A table in memory also has a block per column, so those are made small.
 */
export async function prepareForColumns(duck: Duck, columns: number): Promise<void> {
  if (columns <= wideColumns) return;
  await duck.run('SET threads = 1');
  await duck.run(`SET disabled_optimizers = '${slowForColumns.join(',')}'`);
  await duck.run(`SET memory_limit = '${Math.max(wideMegabytes, columns)}MB'`);
  await duck.run("ATTACH ':memory:' AS wide (BLOCK_SIZE 16384)");
  await duck.run('USE wide');
}

/** They look at every column of a statement, and gain nothing where each is read once; the first joins a wide table with itself. */
const slowForColumns = [
  'late_materialization',
  'compressed_materialization',
  'common_subexpressions',
  'statistics_propagation',
  'column_lifetime',
  'expression_rewriter',
];

/** Tables of more columns than this are read and written in ways of their own. */
export const wideColumns = 1000;
/** What is booked, a block of 256 KiB and more for each column; of 10,000 columns less than half of it becomes resident. */
const wideMegabytes = 3072;
