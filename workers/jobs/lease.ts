/** A session lock that says "somebody alive is at it": it vanishes with the process or connection that holds it. */
import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import pg from 'pg';
import type { Executor } from '#db/client.ts';
import type { Worker } from '../worker.ts';

/** Two 32-bit numbers that stand for `name` in PostgreSQL's advisory locks. */
function lockKey(name: string): [number, number] {
  const hash = createHash('sha256').update(name).digest();
  return [hash.readInt32BE(0), hash.readInt32BE(4)];
}

/**
 * Runs `work` while holding the lease `name` on a connection of its own.
 * @returns false when somebody else holds it
 */
export async function withLease(
  worker: Pick<Worker, 'config'>,
  name: string,
  work: () => Promise<void>,
): Promise<boolean> {
  const client = new pg.Client({ connectionString: worker.config.databaseUrl, keepAlive: true });
  // A lost connection loses the lease; the compare-and-set of every write keeps that harmless.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ held: boolean }>(
      'select pg_try_advisory_lock($1, $2) as held',
      lockKey(name),
    );
    if (!rows[0]?.held) return false;
    await work();
    return true;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Whether anybody holds the lease. */
export async function isLeased(db: Executor, name: string): Promise<boolean> {
  const [a, b] = lockKey(name);
  const { rows } = await db.execute<{ held: boolean }>(
    sql`select exists(select 1 from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database()) and classid::int8 = ${a >>> 0} and objid::int8 = ${b >>> 0} and objsubid = 2 and granted) as held`,
  );
  return rows[0]?.held ?? false;
}
