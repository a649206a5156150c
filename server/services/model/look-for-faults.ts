/** What the job that looks for faults reads and writes; nobody else moves `faultsState`. */
import { and, eq } from 'drizzle-orm';
import { models } from '#db/schema/models.ts';
import { searches } from '#db/schema/searches.ts';
import type { Services } from '../context.ts';
import { type PreparationInput, readTask } from '../search/prepare.ts';

/** @returns undefined where there is nothing to do, or what it takes is gone */
export async function beginFaults(ctx: Services, modelId: string): Promise<PreparationInput | undefined> {
  const [row] = await ctx.db
    .select({ search: searches })
    .from(models)
    .innerJoin(searches, eq(searches.id, models.searchId))
    .where(and(eq(models.id, modelId), eq(models.faultsState, 'queued')));
  return row && readTask(ctx, row.search);
}

export async function settleFaults(ctx: Services, modelId: string, state: 'ready' | 'failed'): Promise<void> {
  await ctx.db
    .update(models)
    .set({ faultsState: state })
    .where(and(eq(models.id, modelId), eq(models.faultsState, 'queued')));
}
