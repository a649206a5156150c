/** Work that is begun again when its worker died, but not for ever. */
import { type AttemptKind, beginAttempt, endAttempt, maxAttempts } from '#server/services/attempts.ts';
import { type Failure, failSearch } from '#server/services/search/fail.ts';
import type { Worker } from '../worker.ts';
import { patiently } from './patience.ts';

/**
 * Runs `work`, or gives up where that would be one time too many. The caller holds the lease of the work.
 * @param giveUp says of the thing that workers died over it
 */
export async function boundedly(
  worker: Worker,
  kind: AttemptKind,
  id: string,
  giveUp: () => Promise<unknown>,
  work: () => Promise<void>,
): Promise<void> {
  if (!(await patiently(worker, () => beginAttempt(worker, kind, id)))) {
    await patiently(worker, giveUp);
    return;
  }
  try {
    await work();
  } finally {
    // An orderly end; who dies in between stays counted.
    await patiently(worker, () => endAttempt(worker, kind, id));
  }
}

/** The same for a step of a search, which fails where its step is given up. */
export function boundedlySearch(
  worker: Worker,
  searchId: string,
  { doing, failure }: { readonly doing: string; readonly failure: Failure },
  work: () => Promise<void>,
): Promise<void> {
  const message = `The worker died ${maxAttempts} times while ${doing}. It may need more memory than this machine has: try fewer rows or columns.`;
  return boundedly(worker, 'search', searchId, () => failSearch(worker, searchId, message, failure), work);
}
