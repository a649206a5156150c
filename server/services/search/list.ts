/** The searches of a project, newest first. */
import { and, asc, desc, eq, sql } from 'drizzle-orm';
import { metricInfo } from '#core/contracts/task.ts';
import type { BestScore, SearchRow } from '#core/contracts/views.ts';
import { users } from '#db/schema/accounts.ts';
import { datasets, datasetVersions } from '#db/schema/datasets.ts';
import { models } from '#db/schema/models.ts';
import { events, searches, tasks, trials } from '#db/schema/searches.ts';
import { displayName } from '../account/me.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../scopes.ts';
import { elapsedSeconds } from './clock.ts';

export async function listSearches(ctx: ServiceContext, input: { projectId: string }): Promise<SearchRow[]> {
  await authorize(ctx, 'search.read', { projectId: input.projectId });
  const rows = await ctx.db
    .select({
      search: searches,
      task: tasks,
      datasetName: datasets.name,
      versionNumber: datasetVersions.number,
      modelId: models.id,
      by: users,
      done: sql<number>`(select count(*)::int from ${trials} where ${trials.searchId} = ${searches.id} and ${trials.state} = 'done')`,
    })
    .from(searches)
    .innerJoin(tasks, eq(tasks.id, searches.taskId))
    .innerJoin(datasetVersions, eq(datasetVersions.id, tasks.datasetVersionId))
    .innerJoin(datasets, eq(datasets.id, datasetVersions.datasetId))
    .leftJoin(models, eq(models.searchId, searches.id))
    .leftJoin(users, eq(users.id, searches.createdBy))
    .where(eq(searches.projectId, input.projectId))
    .orderBy(desc(searches.number));
  const curves = await readCurves(ctx, input.projectId);
  const now = ctx.now();
  return rows.map(({ search, task, datasetName, versionNumber, modelId, by, done }) => {
    const curve = curves.get(search.id) ?? [];
    const final = search.result?.scores.validation ?? null;
    const best = final ?? curve.at(-1) ?? null;
    return {
      id: search.id,
      number: search.number,
      datasetName,
      versionNumber,
      target: task.target,
      kind: task.kind,
      metric: task.metric,
      direction: metricInfo[task.metric].direction,
      state: search.state,
      budgetSeconds: search.budgetSeconds,
      elapsedSeconds: elapsedSeconds(search, now),
      trialsDone: done,
      best: best?.value ?? null,
      interval: best && { low: best.low, high: best.high },
      curve: curve.map(({ at, value }) => ({ at, value })),
      verdict: search.result?.random?.verdict ?? null,
      modelId,
      by: by && displayName(by),
      error: search.error,
      createdAt: search.createdAt,
      endedAt: search.endedAt,
    };
  });
}

/** The improvements of every search of a project, in order, as their events told them. */
async function readCurves(ctx: ServiceContext, projectId: string): Promise<Map<string, BestScore[]>> {
  const rows = await ctx.db
    .select({ searchId: events.searchId, data: events.data })
    .from(events)
    .innerJoin(searches, eq(searches.id, events.searchId))
    .where(and(eq(searches.projectId, projectId), eq(events.kind, 'best')))
    .orderBy(asc(events.searchId), asc(events.number));
  const curves = new Map<string, BestScore[]>();
  for (const { searchId, data } of rows) {
    const curve = curves.get(searchId) ?? [];
    curve.push(data as unknown as BestScore);
    curves.set(searchId, curve);
  }
  return curves;
}
