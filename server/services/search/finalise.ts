/** What the finalising job reads and how it moves the search along. */
import { desc, eq, sql } from 'drizzle-orm';
import { metricInfo } from '#core/contracts/task.ts';
import { tasks, trials } from '#db/schema/searches.ts';
import { appendEvent } from '../../events/index.ts';
import type { Services } from '../context.ts';
import type { TrialRowData } from '../trial/view.ts';
import { emptyResult } from './fail.ts';
import { withSearch } from './lock.ts';
import { moveTo } from './transition.ts';

/** Members are chosen among so many trials at most: the best ones, and the best random one for the verdict. */
const maxCandidates = 60;

/**
 * Counts the look at the sealed test before it happens: a run that is interrupted after reading has looked too.
 * @returns undefined when the search is not to be finalised
 */
export async function beginFinalising(ctx: Services, searchId: string) {
  return withSearch(ctx.db, searchId, async (tx, search) => {
    if (search.state !== 'finalising' && search.state !== 'verifying') return undefined;
    await tx
      .update(tasks)
      .set({ testLooks: sql`${tasks.testLooks} + 1` })
      .where(eq(tasks.id, search.taskId));
    const [task] = await tx.select().from(tasks).where(eq(tasks.id, search.taskId));
    if (!task) throw new Error('the task of the search is gone');
    const done = await tx
      .select()
      .from(trials)
      .where(sql`${trials.searchId} = ${searchId} and ${trials.state} = 'done'`)
      .orderBy(desc(trials.number));
    const sign = metricInfo[task.metric].direction === 'maximize' ? -1 : 1;
    const ranked = done
      .filter(
        (trial): trial is TrialRowData & { score: number; artifactKey: string } =>
          trial.score !== null && trial.artifactKey !== null,
      )
      .sort((a, b) => sign * (a.score - b.score) || a.number - b.number);
    const random = ranked.find((trial) => trial.origin === 'random');
    const candidates = ranked.slice(0, maxCandidates);
    if (random && !candidates.includes(random)) candidates.push(random);
    const reused = done.reduce((sum, trial) => sum + trial.reused, 0);
    const result = await emptyResult(tx, search, ctx.now());
    return { search, task, candidates, result: { ...result, trials: { ...result.trials, reused } } };
  });
}

/** The file is exported; runtimes are asked next. */
export async function beginVerifying(ctx: Services, searchId: string, finaliseSeconds: number): Promise<void> {
  await withSearch(ctx.db, searchId, async (tx, search) => {
    if (search.state !== 'finalising') return;
    await appendEvent(tx, searchId, 'phase', { name: 'finalise', seconds: finaliseSeconds });
    await moveTo(tx, search, 'verifying', ctx.now(), {
      phaseSeconds: { ...search.phaseSeconds, finalise: finaliseSeconds },
    });
  });
}
