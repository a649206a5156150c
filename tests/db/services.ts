/** The product's real parts around a database of the test's own: blobs in a temporary folder, the real queue. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { withTestDatabase } from '#db/testing/index.ts';
import { type Config, readConfig } from '#server/config/index.ts';
import { openQueue } from '#server/queue/index.ts';
import type { Services } from '#server/services/context.ts';
import { createBlobStore } from '#server/storage/index.ts';

export interface TestServices extends Services {
  /** Moves the clock of `now` forward. */
  advance(seconds: number): void;
  close(): Promise<void>;
}

/** @param change settings that differ from the defaults */
export async function openTestServices(change: Partial<Config> = {}): Promise<TestServices> {
  const handle = await withTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'warmstart-services-'));
  const config = { ...readConfig({ DATABASE_URL: handle.url, WARMSTART_DATA: folder }), ...change };
  const queue = await openQueue(handle.url, { role: 'sender' });
  let ahead = 0;
  return {
    db: handle.db,
    config,
    blobs: await createBlobStore(config),
    queue,
    log: pino({ level: 'silent' }),
    now: () => new Date(Date.now() + ahead),
    advance: (seconds) => {
      ahead += seconds * 1000;
    },
    async close() {
      await queue.close(0);
      await handle.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
