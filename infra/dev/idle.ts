/** Tells when nobody needs a database and worker that the command line started. */
import pg from 'pg';

/** Application name under which the command line connects; its connections keep the product alive. */
export const cliApplicationName = 'warmstart-cli';

/** Resolves once for `seconds` in a row no command line is connected and no search is live. */
export async function idleFor(databaseUrl: string, seconds: number): Promise<void> {
  for (let since = Date.now(); Date.now() - since < seconds * 1000; ) {
    await new Promise((done) => setTimeout(done, 2000));
    const client = new pg.Client({ connectionString: databaseUrl });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query<{ busy: boolean }>(
        `select exists(select 1 from pg_stat_activity where application_name = $1)
             or exists(select 1 from searches where state in ('queued','starting','searching','pausing','finalising','verifying')) as busy`,
        [cliApplicationName],
      );
      if (rows[0]?.busy) since = Date.now();
    } catch {
      since = Date.now();
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
