/** How a search gets from queued to searching: what the preparation job reads and writes. */
import { eq } from 'drizzle-orm';
import type { PreparedFacts } from '#core/contracts/views.ts';
import { datasetVersions } from '#db/schema/datasets.ts';
import { searches, tasks } from '#db/schema/searches.ts';
import { appendEvent } from '../../events/index.ts';
import type { Services } from '../context.ts';
import { elapsedSeconds, type SearchRowData } from './clock.ts';
import { withSearch } from './lock.ts';
import type { TaskSetup } from './prepared.ts';
import { moveTo } from './transition.ts';

export interface PreparationInput {
  readonly search: SearchRowData;
  readonly task: typeof tasks.$inferSelect;
  readonly version: typeof datasetVersions.$inferSelect;
  readonly testVersion: typeof datasetVersions.$inferSelect | null;
}

/**
 * Starts the clock of a queued search (or takes up one whose preparation was interrupted).
 * @returns undefined when there is nothing to prepare
 */
export async function beginPreparation(ctx: Services, searchId: string): Promise<PreparationInput | undefined> {
  const search = await withSearch(ctx.db, searchId, async (tx, found) => {
    if (found.state === 'queued') {
      await moveTo(tx, found, 'starting', ctx.now(), { startedAt: ctx.now() });
      return (await tx.select().from(searches).where(eq(searches.id, searchId)))[0];
    }
    return found.state === 'starting' ? found : undefined;
  });
  return search && readTask(ctx, search);
}

/** The task of a search with the versions it is about. */
export async function readTask(ctx: Services, search: SearchRowData): Promise<PreparationInput> {
  const [task] = await ctx.db.select().from(tasks).where(eq(tasks.id, search.taskId));
  if (!task) throw new Error('the task of the search is gone');
  const version = async (id: string) =>
    (await ctx.db.select().from(datasetVersions).where(eq(datasetVersions.id, id)))[0] ?? null;
  const main = await version(task.datasetVersionId);
  if (!main) throw new Error('the data set version of the search is gone');
  return { search, task, version: main, testVersion: task.testVersionId ? await version(task.testVersionId) : null };
}

/** Stores what preparation found and lets the search begin. Does nothing when the search has moved on. */
export async function completePreparation(
  ctx: Services,
  input: {
    searchId: string;
    preparedKey: string;
    facts: PreparedFacts;
    setup: TaskSetup;
    warnings: readonly string[];
  },
): Promise<void> {
  await withSearch(ctx.db, input.searchId, async (tx, search) => {
    if (search.state !== 'starting') return;
    const now = ctx.now();
    const read = elapsedSeconds(search, now);
    await moveTo(tx, search, 'searching', now, {
      preparedKey: input.preparedKey,
      prepared: { ...input.facts, setup: input.setup },
      phaseSeconds: { ...search.phaseSeconds, read },
      // The finalising begins with a clean record; the preparation takes its own one back.
      attempts: Math.min(1, search.attempts),
    });
    await appendEvent(tx, search.id, 'prepared', input.facts);
    for (const message of input.warnings) await appendEvent(tx, search.id, 'log', { level: 'warning', message });
    await appendEvent(tx, search.id, 'phase', { name: 'read', seconds: read });
    await ctx.queue.send(tx, 'search.step', { searchId: search.id }, { priority: 10 });
  });
}
