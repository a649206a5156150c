/** Preparing and finalising are begun again when their worker died, but not for ever. */
import { beginAttempt, endAttempt, maxAttempts } from '#server/services/attempts.ts';
import { type Failure, failSearch } from '#server/services/search/fail.ts';
import type { Worker } from '../worker.ts';
import { patiently } from './patience.ts';

/** Runs `work`, or fails the search where that would be one time too many. The caller holds the lease of the work. */
export async function boundedly(
  worker: Worker,
  searchId: string,
  { doing, failure }: { readonly doing: string; readonly failure: Failure },
  work: () => Promise<void>,
): Promise<void> {
  if (!(await patiently(worker, () => beginAttempt(worker, 'search', searchId)))) {
    const message = `The worker died ${maxAttempts} times while ${doing}. It may need more memory than this machine has: try fewer rows or columns.`;
    return patiently(worker, () => failSearch(worker, searchId, message, failure));
  }
  try {
    await work();
  } finally {
    // An orderly end; who dies in between stays counted.
    await patiently(worker, () => endAttempt(worker, 'search', searchId));
  }
}
