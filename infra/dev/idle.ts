/**
 * Tells when nobody needs a database and worker that the command line started. Every command holds a shared advisory
 * lock while it runs, and who ends the product takes the same lock for itself first: no command can come in between.
 */
import pg from 'pg';

/** Number of the lock; advisory locks belong to one database. */
const PRODUCT_LOCK = 7_361_905;

/** A connection whose end is no error: the product may stop while it is open. */
async function connect(databaseUrl: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/**
 * Keeps the product from ending until the returned function is called.
 * @throws Error where the database does not answer, also because the product is just ending
 */
export async function holdProduct(databaseUrl: string): Promise<() => Promise<void>> {
  const client = await connect(databaseUrl);
  try {
    await client.query('select pg_advisory_lock_shared($1)', [PRODUCT_LOCK]);
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  return () => client.end().catch(() => undefined);
}

/** Whether a search is live or a command runs; where neither, new commands wait from now on until `client` ends. */
async function closesDoor(client: pg.Client): Promise<boolean> {
  const { rows: locked } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [
    PRODUCT_LOCK,
  ]);
  if (!locked[0]?.mine) return false;
  const { rows: live } = await client.query(
    `select 1 from searches where state in ('queued','starting','searching','pausing','finalising','verifying') limit 1`,
  );
  return live.length === 0;
}

/**
 * Resolves once for `seconds` in a row no command was running and no search was live. From then on commands that come
 * wait, until the database ends or the returned function is called.
 * @param everySeconds how often it looks
 */
export async function idleFor(databaseUrl: string, seconds: number, everySeconds = 2): Promise<() => Promise<void>> {
  for (let since = Date.now(); ; ) {
    await new Promise((done) => setTimeout(done, everySeconds * 1000));
    const client = await connect(databaseUrl).catch(() => undefined);
    const idle = client ? await closesDoor(client).catch(() => false) : false;
    if (!idle) since = Date.now();
    if (idle && client && Date.now() - since >= seconds * 1000) return () => client.end().catch(() => undefined);
    await client?.end().catch(() => undefined);
  }
}
