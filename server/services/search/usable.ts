/** Notes that a usable model exists; the first one's moment is part of the budget's promise. */
import { eq } from 'drizzle-orm';
import { searches } from '#db/schema/searches.ts';
import { appendEvent } from '../../events/index.ts';
import type { Services } from '../context.ts';
import { elapsedSeconds } from './clock.ts';
import { withSearch } from './lock.ts';

/**
 * @param built seconds that exporting and checking it took; the least of all counts, the first export also warms up
 */
export function storeUsable(ctx: Services, searchId: string, key: string, built: number): Promise<void> {
  return withSearch(ctx.db, searchId, async (tx, search) => {
    const seconds = elapsedSeconds(search, ctx.now());
    const firstUsableSeconds = search.firstUsableSeconds ?? seconds;
    const phaseSeconds = { ...search.phaseSeconds, build: Math.min(built, search.phaseSeconds.build ?? built) };
    await tx
      .update(searches)
      .set({ provisionalKey: key, firstUsableSeconds, phaseSeconds })
      .where(eq(searches.id, search.id));
    if (search.firstUsableSeconds === null) await appendEvent(tx, search.id, 'usable', { seconds });
  });
}
