/** What every job of a worker process is handed. */
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { EventHub } from '#server/events/index.ts';
import type { ServiceContext, Services } from '#server/services/context.ts';
import { TrialPool } from './runtime/trial-pool.ts';

export interface Worker extends ServiceContext {
  /** `host:process`, the owner written on running trials. */
  readonly name: string;
  readonly hub: EventHub;
  /** One child per core, for trials. */
  readonly trials: TrialPool;
  /** Children for preparing and finalising, so that they never wait behind another search's trials. */
  readonly service: TrialPool;
  /** Aborted when the worker ends: running trials go back into the queue. */
  readonly shutDown: AbortController;
  /** Folder for files on their way between children and the blob store. */
  readonly scratch: string;
  close(): void;
}

export function createWorker(services: Services, hub: EventHub): Worker {
  const { config } = services;
  const megabytes = config.limits.trialMegabytes;
  const trials = new TrialPool({ size: config.workers.concurrency, megabytes });
  const service = new TrialPool({ size: 2, warm: 1, megabytes });
  return {
    ...services,
    actor: { kind: 'system' },
    name: `${hostname()}:${process.pid}`,
    hub,
    trials,
    service,
    shutDown: new AbortController(),
    scratch: join(config.dataDir, 'scratch'),
    close: () => {
      trials.close();
      service.close();
    },
  };
}
