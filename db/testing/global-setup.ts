/** Starts one throw-away PostgreSQL for a test run and migrates the template that every test file clones. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startCluster, stopCluster } from '../embedded/cluster.ts';
import { migrateDatabase } from '../migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    clusterUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'warmstart-test-'));
  // The server's user must be able to enter the folder.
  await chmod(folder, 0o755);
  const cluster = await startCluster(folder, {
    database: 'warmstart_template',
    settings: ['fsync=off', 'full_page_writes=off', 'synchronous_commit=off'],
  });
  await migrateDatabase(cluster.url);
  project.provide('clusterUrl', cluster.url);
  return async () => {
    await stopCluster(folder);
    await rm(folder, { recursive: true, force: true });
  };
}
