/** Ends a search without a model, with a message that may be shown. */
import { and, count, eq, inArray } from 'drizzle-orm';
import type { RunResult, Verification } from '#core/contracts/result.ts';
import { metricInfo } from '#core/contracts/task.ts';
import type { Tx } from '#db/client.ts';
import { trials } from '#db/schema/searches.ts';
import type { Services } from '../context.ts';
import { dropOpenTrials } from '../trial/drop.ts';
import { elapsedSeconds, type SearchRowData } from './clock.ts';
import { withSearch } from './lock.ts';
import { isEnded, moveTo } from './transition.ts';

export type Failure = 'data' | 'no_model' | 'verification';

/** Does nothing when the search has ended already. */
export async function failSearch(
  ctx: Services,
  searchId: string,
  message: string,
  failure: Failure,
  verification: readonly Verification[] = [],
): Promise<void> {
  await withSearch(ctx.db, searchId, async (tx, search) => {
    if (isEnded(search.state)) return;
    const now = ctx.now();
    await dropOpenTrials(tx, search, now);
    const result = {
      ...(await emptyResult(tx, search, now)),
      failure,
      error: message,
      verification: [...verification],
    };
    await moveTo(tx, search, 'failed', now, { error: message, result });
  });
}

/** The result of a search that made no model. */
export async function emptyResult(tx: Tx, search: SearchRowData, now: Date): Promise<RunResult> {
  const number = async (...states: ('done' | 'failed' | 'timed_out' | 'out_of_memory')[]) => {
    const where = and(eq(trials.searchId, search.id), inArray(trials.state, states));
    const [row] = await tx.select({ n: count() }).from(trials).where(where);
    return row?.n ?? 0;
  };
  const { request, phaseSeconds } = search;
  return {
    schema: 'warmstart.run/1',
    status: 'failed',
    searchId: search.id,
    task: request.kind,
    target: request.target,
    metric: { name: request.metric, direction: metricInfo[request.metric].direction },
    model: null,
    scores: { validation: null, test: null },
    random: null,
    trials: { done: await number('done'), failed: await number('failed', 'timed_out', 'out_of_memory'), reused: 0 },
    seconds: {
      total: elapsedSeconds(search, now),
      firstUsable: search.firstUsableSeconds,
      search: phaseSeconds.search ?? 0,
      finalise: phaseSeconds.finalise ?? 0,
      verify: phaseSeconds.verify ?? 0,
    },
    verification: [],
    seed: search.seed,
    receipt: null,
  };
}
