/** Notes that a usable model exists; the first one's moment is part of the budget's promise. */
import { eq } from 'drizzle-orm';
import { searches } from '#db/schema/searches.ts';
import { appendEvent } from '../../events/index.ts';
import type { Services } from '../context.ts';
import { elapsedSeconds } from './clock.ts';
import { withSearch } from './lock.ts';

export function storeUsable(ctx: Services, searchId: string, key: string): Promise<void> {
  return withSearch(ctx.db, searchId, async (tx, search) => {
    const seconds = elapsedSeconds(search, ctx.now());
    const firstUsableSeconds = search.firstUsableSeconds ?? seconds;
    await tx.update(searches).set({ provisionalKey: key, firstUsableSeconds }).where(eq(searches.id, search.id));
    if (search.firstUsableSeconds === null) await appendEvent(tx, search.id, 'usable', { seconds });
  });
}
