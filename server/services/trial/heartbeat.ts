/** A running trial's sign of life, which also brings back whether it should go on. */
import { and, eq } from 'drizzle-orm';
import type { SearchState } from '#core/contracts/task.ts';
import { searches, trials } from '#db/schema/searches.ts';
import type { Services } from '../context.ts';
import type { SearchRowData } from '../search/clock.ts';

export interface Pulse {
  /** False once somebody else owns the trial or it was dropped: stop and throw the work away. */
  readonly mine: boolean;
  readonly state: SearchState;
  readonly finishRequested: SearchRowData['finishRequested'];
}

export async function beatTrial(ctx: Services, input: { trialId: string; worker: string }): Promise<Pulse | undefined> {
  const beaten = await ctx.db
    .update(trials)
    .set({ heartbeatAt: ctx.now() })
    .where(and(eq(trials.id, input.trialId), eq(trials.worker, input.worker), eq(trials.state, 'running')))
    .returning({ id: trials.id });
  const [row] = await ctx.db
    .select({ state: searches.state, finishRequested: searches.finishRequested })
    .from(trials)
    .innerJoin(searches, eq(searches.id, trials.searchId))
    .where(eq(trials.id, input.trialId));
  return row && { mine: beaten.length > 0, ...row };
}
