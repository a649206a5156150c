/** The web process's parts: opened on first use, once per process, shared by all bundles of the server. */
import { createDatabase } from '#db/client.ts';
import { readConfig } from '../config/index.ts';
import { openQueue } from '../queue/index.ts';
import type { Services } from '../services/context.ts';
import { createBlobStore } from '../storage/index.ts';
import { createLogger } from '../telemetry/logger.ts';

const slot = Symbol.for('warmstart.web.services');
type Holder = { [slot]?: Promise<Services> };

async function open(): Promise<Services> {
  const config = readConfig(process.env);
  const log = createLogger(config.logLevel, 'web');
  const { db } = createDatabase(config.databaseUrl);
  const queue = await openQueue(config.databaseUrl, {
    role: 'sender',
    onError: (error) => log.warn({ err: error }, 'queue connection'),
  });
  return { db, config, blobs: await createBlobStore(config), queue, log, now: () => new Date() };
}

/** Bundlers load this module more than once, so the one instance hangs on the global object. */
export function webServices(): Promise<Services> {
  const holder = globalThis as Holder;
  if (!holder[slot]) {
    holder[slot] = open();
    // A database that is still starting must not condemn the process: the next request tries again.
    holder[slot].catch(() => delete holder[slot]);
  }
  return holder[slot];
}

/** Replaces the parts, for tests that call route handlers in their own process. */
export function setWebServices(services: Services): void {
  (globalThis as Holder)[slot] = Promise.resolve(services);
}
