/** The searches of a project, newest first. */
import { and, desc, eq, sql } from 'drizzle-orm';
import { metricInfo } from '#core/contracts/task.ts';
import type { SearchRow } from '#core/contracts/views.ts';
import { datasets, datasetVersions } from '#db/schema/datasets.ts';
import { models } from '#db/schema/models.ts';
import { searches, tasks, trials } from '#db/schema/searches.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../scopes.ts';

export async function listSearches(ctx: ServiceContext, input: { projectId: string }): Promise<SearchRow[]> {
  await authorize(ctx, 'search.read', { projectId: input.projectId });
  const rows = await ctx.db
    .select({
      search: searches,
      task: tasks,
      datasetName: datasets.name,
      modelId: models.id,
      done: sql<number>`(select count(*)::int from ${trials} where ${trials.searchId} = ${searches.id} and ${trials.state} = 'done')`,
      low: sql<
        number | null
      >`(select min(${trials.score}) from ${trials} where ${trials.searchId} = ${searches.id} and ${trials.state} = 'done')`,
      high: sql<
        number | null
      >`(select max(${trials.score}) from ${trials} where ${trials.searchId} = ${searches.id} and ${trials.state} = 'done')`,
    })
    .from(searches)
    .innerJoin(tasks, eq(tasks.id, searches.taskId))
    .innerJoin(datasetVersions, eq(datasetVersions.id, tasks.datasetVersionId))
    .innerJoin(datasets, eq(datasets.id, datasetVersions.datasetId))
    .leftJoin(models, eq(models.searchId, searches.id))
    .where(and(eq(searches.projectId, input.projectId)))
    .orderBy(desc(searches.number));
  return rows.map(({ search, task, datasetName, modelId, done, low, high }) => {
    const { direction } = metricInfo[task.metric];
    return {
      id: search.id,
      number: search.number,
      datasetName,
      target: task.target,
      kind: task.kind,
      metric: task.metric,
      direction,
      state: search.state,
      budgetSeconds: search.budgetSeconds,
      trialsDone: done,
      best: search.result?.scores.validation?.value ?? (direction === 'maximize' ? high : low),
      modelId,
      createdAt: search.createdAt,
      endedAt: search.endedAt,
    };
  });
}
