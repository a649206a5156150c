import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase } from '../client.ts';
import { migrateDatabase } from '../migrate.ts';
import { startCluster, stopCluster } from './cluster.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warmstart-cluster-'));
  await chmod(folder, 0o755);
});
afterAll(async () => {
  await stopCluster(folder);
  await rm(folder, { recursive: true, force: true });
});

test('a cluster is created once, adopted while it runs, and keeps its rows and port after a kill', async () => {
  const first = await startCluster(folder);
  expect(first.adopted).toBe(false);
  await migrateDatabase(first.url);
  const { db, close } = createDatabase(first.url);
  await db.execute(sql`insert into workspaces (name) values ('kept')`);
  await close();

  const again = await startCluster(folder);
  expect(again).toMatchObject({ adopted: true, pid: first.pid, port: first.port });

  process.kill(first.pid, 'SIGKILL');
  const restarted = await startCluster(folder);
  expect(restarted.adopted).toBe(false);
  expect(restarted.url).toBe(first.url);
  const reopened = createDatabase(restarted.url);
  const rows = await reopened.db.execute(sql`select name from workspaces`);
  expect(rows.rows).toEqual([{ name: 'kept' }]);
  await reopened.close();
});
