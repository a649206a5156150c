/** How long scoring the test part will take, so that the search ends early enough for it. */
import { and, asc, desc, eq, isNotNull } from 'drizzle-orm';
import { metricInfo } from '#core/contracts/task.ts';
import type { Tx } from '#db/client.ts';
import { searches, trials } from '#db/schema/searches.ts';
import type { SearchRowData } from './clock.ts';
import { preparationOf } from './prepared.ts';

/** Members that an ensemble usually has. */
const members = 4;

/**
 * Projects from the best trials so far and keeps the largest projection in `phaseSeconds.scoring`.
 * @param lanes threads that score
 */
export async function projectScoring(tx: Tx, search: SearchRowData, lanes: number): Promise<void> {
  const { testRows } = preparationOf(search);
  const order = metricInfo[search.request.metric].direction === 'maximize' ? desc : asc;
  const best = await tx
    .select({ rowMs: trials.oneRowMs })
    .from(trials)
    .where(and(eq(trials.searchId, search.id), eq(trials.state, 'done'), isNotNull(trials.score)))
    .orderBy(order(trials.score))
    .limit(members);
  const rowMs = best.reduce((sum, trial) => sum + (trial.rowMs ?? 0), 0);
  const scoring = (testRows * rowMs) / 1000 / Math.max(1, 0.8 * lanes);
  if (scoring <= (search.phaseSeconds.scoring ?? 0) + 0.1) return;
  await tx
    .update(searches)
    .set({ phaseSeconds: { ...search.phaseSeconds, scoring } })
    .where(eq(searches.id, search.id));
}
