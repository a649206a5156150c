/** Which trial of a search waits first. */
import { and, asc, eq } from 'drizzle-orm';
import { trials } from '#db/schema/searches.ts';
import type { Services } from '../context.ts';

/** Id of the oldest queued trial, or undefined. */
export async function nextQueuedTrial(ctx: Services, searchId: string): Promise<string | undefined> {
  const [row] = await ctx.db
    .select({ id: trials.id })
    .from(trials)
    .where(and(eq(trials.searchId, searchId), eq(trials.state, 'queued')))
    .orderBy(asc(trials.number))
    .limit(1);
  return row?.id;
}
