/** A real, migrated database for a test file. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { createDatabase, type DatabaseHandle } from '../client.ts';

/**
 * Clones the migrated template into a database of its own. Call in `beforeAll`, `close()` in `afterAll`.
 * Works only in test projects whose global setup is `db/testing/global-setup.ts`.
 */
export async function withTestDatabase(): Promise<DatabaseHandle> {
  const templateUrl = new URL(inject('clusterUrl'));
  const name = `test_${randomBytes(6).toString('hex')}`;
  const admin = async (statement: string) => {
    const url = new URL(templateUrl);
    url.pathname = '/postgres';
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    try {
      // Cloning fails while anybody else clones the same template; the lock makes test files queue up.
      await client.query('select pg_advisory_lock(1)');
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  await admin(`create database ${name} template warmstart_template`);
  templateUrl.pathname = `/${name}`;
  const handle = createDatabase(templateUrl.href);
  return {
    ...handle,
    close: async () => {
      await handle.close();
      await admin(`drop database ${name} with (force)`);
    },
  };
}
