/** Opens the database. There is no connection at module scope: whoever needs one is handed it. */
import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import * as schema from './schema/index.ts';

const connect = (pool: pg.Pool) => drizzle(pool, { schema, casing: 'snake_case' });

export type Database = ReturnType<typeof connect>;
export type Tx = Parameters<Parameters<Database['transaction']>[0]>[0];
/** Whatever statements can run on: the database itself or an open transaction. */
export type Executor = Database | Tx;

export interface DatabaseHandle {
  readonly db: Database;
  readonly pool: pg.Pool;
  readonly url: string;
  close(): Promise<void>;
}

/**
 * @param url `postgres://user:password@host:port/database`
 * @param options `max`: connections of the pool (default 10)
 */
export function createDatabase(url: string, options: { max?: number } = {}): DatabaseHandle {
  const pool = new pg.Pool({ connectionString: url, max: options.max ?? 10, connectionTimeoutMillis: 10_000 });
  // A restart of the server breaks idle connections; the pool replaces them, so this is no error of ours.
  pool.on('error', () => undefined);
  return { db: connect(pool), pool, url, close: () => pool.end() };
}

export { schema };
