/** The worker: takes jobs from the queue, runs trials in child processes, watches over what others left behind. */
import { join } from 'node:path';
import { writeBankFile } from '#core/contracts/bank-file.ts';
import { createDatabase } from '#db/client.ts';
import { readSeedBank } from '#db/seed/bank.ts';
import { readConfig } from '#server/config/index.ts';
import { openEventHub } from '#server/events/index.ts';
import { openQueue } from '#server/queue/index.ts';
import { loadSeedBank } from '#server/services/bank/load-seed.ts';
import { createBlobStore } from '#server/storage/index.ts';
import { createLogger } from '#server/telemetry/logger.ts';
import { registerJobs } from './jobs/register.ts';
import { clearScratch } from './jobs/scratch.ts';
import { Watch } from './jobs/watch.ts';
import { createWorker } from './worker.ts';

const config = readConfig(process.env);
const log = createLogger(config.logLevel, 'worker');
const database = createDatabase(config.databaseUrl, { max: 12 });
const hub = openEventHub(config.databaseUrl);
const blobs = await createBlobStore(config);

async function openQueuePatiently(attempts = 60) {
  for (let left = attempts; ; left--) {
    try {
      return await openQueue(config.databaseUrl, {
        role: 'worker',
        onError: (error) => log.warn({ err: error }, 'queue'),
      });
    } catch (error) {
      if (left === 0) throw error;
      log.warn({ err: error }, 'the queue does not open yet');
      await new Promise((done) => setTimeout(done, 1000));
    }
  }
}

/** @param setting as `Config.seedBank` says */
async function seedBankText(setting: string): Promise<string> {
  if (setting === 'off') return writeBankFile([]);
  return setting === 'on' ? readSeedBank() : readSeedBank(setting);
}

await clearScratch(join(config.dataDir, 'scratch'));
const queue = await openQueuePatiently();
await loadSeedBank(database, await seedBankText(config.seedBank));
const worker = createWorker({ db: database.db, config, blobs, queue, log, now: () => new Date() }, hub);
const watch = new Watch(worker);
await watch.sweep();
await registerJobs(worker, queue);
watch.start();
log.info(
  { worker: worker.name, concurrency: config.workers.concurrency, training: config.training },
  'worker is ready',
);

let ending = false;
/** Running trials go back into the queue; everything else is picked up by the next worker's watch. */
async function end(signal: string): Promise<void> {
  if (ending) return;
  ending = true;
  log.info({ signal }, 'worker ends');
  watch.stop();
  worker.shutDown.abort();
  await queue.close(4).catch(() => undefined);
  worker.close();
  await hub.close();
  await database.close().catch(() => undefined);
  process.exit(0);
}
process.on('SIGTERM', () => void end('SIGTERM'));
process.on('SIGINT', () => void end('SIGINT'));
// A broken connection surfaces in many places at once; each of them retries, none may take the process down.
process.on('unhandledRejection', (error) => log.error({ err: error }, 'unhandled rejection'));
