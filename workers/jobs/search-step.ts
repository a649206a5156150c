/** Tells, asks and enqueues: the search's next step. */
import { advanceSearch } from '#server/services/search/advance.ts';
import type { Worker } from '../worker.ts';
import { patiently } from './patience.ts';
import { keepUsable } from './provisional.ts';

export async function stepSearch(worker: Worker, searchId: string): Promise<void> {
  const { reused } = await patiently(worker, () => advanceSearch(worker, searchId));
  if (reused) await keepUsable(worker, searchId);
}
