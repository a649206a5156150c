/** What the job that replays a receipt reads and writes; nobody else moves the state of a replay. */
import { eq, sql } from 'drizzle-orm';
import type { ReplayReport } from '#core/contracts/replay.ts';
import { models, replays } from '#db/schema/models.ts';
import { searches, tasks } from '#db/schema/searches.ts';
import type { Services } from '../context.ts';
import { type PreparationInput, readTask } from '../search/prepare.ts';
import { openReplay } from './replay.ts';

export interface BegunReplay extends PreparationInput {
  readonly modelId: string;
  readonly all: boolean;
}

/**
 * Counts the look at the sealed test before it happens, as finalising does.
 * @returns undefined where it has ended or is gone
 */
export async function beginReplay(ctx: Services, id: string): Promise<BegunReplay | undefined> {
  const [row] = await ctx.db.update(replays).set({ state: 'running' }).where(openReplay(id)).returning();
  if (!row) return undefined;
  const [found] = await ctx.db
    .select({ search: searches })
    .from(models)
    .innerJoin(searches, eq(searches.id, models.searchId))
    .where(eq(models.id, row.modelId));
  if (!found) return undefined;
  const task = await readTask(ctx, found.search);
  await ctx.db
    .update(tasks)
    .set({ testLooks: sql`${tasks.testLooks} + 1` })
    .where(eq(tasks.id, task.task.id));
  return { ...task, modelId: row.modelId, all: row.all };
}

/** @param outcome the report, or in plain words why there is none */
export async function settleReplay(ctx: Services, id: string, outcome: ReplayReport | string): Promise<void> {
  const ended =
    typeof outcome === 'string'
      ? { state: 'failed' as const, error: outcome }
      : { state: 'ready' as const, report: outcome };
  await ctx.db
    .update(replays)
    .set({ ...ended, endedAt: ctx.now() })
    .where(openReplay(id));
}
