/** Notes that a usable model exists; the first one's moment is part of the budget's promise. */
import { eq } from 'drizzle-orm';
import { searches } from '#db/schema/searches.ts';
import { appendEvent } from '../../events/index.ts';
import type { Services } from '../context.ts';
import { elapsedSeconds } from './clock.ts';
import { withSearch } from './lock.ts';

/** Where the usable file lies that was made of one trial. */
export const usableKey = (searchId: string, trialId: string): string => `searches/${searchId}/usable/${trialId}.onnx`;

/** The trial that a usable file was made of; null where there is none. */
export const usableTrialOf = (key: string | null): string | null => key?.match(/\/usable\/([^/]+)\.onnx$/)?.[1] ?? null;

/**
 * @returns the key of the file that this one replaces; null for the first
 * @param built seconds that exporting and checking it took; the least of all counts, the first export also warms up
 */
export function storeUsable(ctx: Services, searchId: string, key: string, built: number): Promise<string | null> {
  return withSearch(ctx.db, searchId, async (tx, search) => {
    const seconds = elapsedSeconds(search, ctx.now());
    const firstUsableSeconds = search.firstUsableSeconds ?? seconds;
    const phaseSeconds = { ...search.phaseSeconds, build: Math.min(built, search.phaseSeconds.build ?? built) };
    await tx
      .update(searches)
      .set({ provisionalKey: key, firstUsableSeconds, phaseSeconds })
      .where(eq(searches.id, search.id));
    if (search.firstUsableSeconds === null) await appendEvent(tx, search.id, 'usable', { seconds });
    return search.provisionalKey === key ? null : search.provisionalKey;
  });
}
