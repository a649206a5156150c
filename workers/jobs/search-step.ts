/** Tells, asks and enqueues: the search's next step. */
import { advanceSearch } from '#server/services/search/advance.ts';
import type { Worker } from '../worker.ts';
import { patiently } from './patience.ts';

export async function stepSearch(worker: Worker, searchId: string): Promise<void> {
  await patiently(worker, () => advanceSearch(worker, searchId));
}
