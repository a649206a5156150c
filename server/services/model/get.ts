/** One model as its page shows it. */
import { eq } from 'drizzle-orm';
import { metricInfo } from '#core/contracts/task.ts';
import type { ModelView } from '#core/contracts/views.ts';
import { searches, tasks } from '#db/schema/searches.ts';
import type { ServiceContext } from '../context.ts';
import { loadModel, type ModelRowData } from './load.ts';

export async function getModel(ctx: ServiceContext, input: { id: string }): Promise<ModelView> {
  const { model } = await loadModel(ctx, 'model.read', input.id);
  const [row] = await ctx.db
    .select({ number: searches.number, looks: tasks.testLooks })
    .from(searches)
    .innerJoin(tasks, eq(tasks.id, searches.taskId))
    .where(eq(searches.id, model.searchId));
  return viewModel(model, row?.number ?? 0, row?.looks ?? 0);
}

export function viewModel(model: ModelRowData, searchNumber: number, testLooks: number): ModelView {
  const { metadata } = model;
  return {
    id: model.id,
    number: model.number,
    name: model.name,
    projectId: model.projectId,
    searchId: model.searchId,
    searchNumber,
    state: model.state,
    kind: metadata.task,
    target: metadata.target,
    metric: metadata.metric,
    direction: metricInfo[metadata.metric].direction,
    sha256: model.sha256,
    bytes: model.bytes,
    metadata,
    result: model.result,
    verification: model.verification,
    testLooks,
    publishableAt: model.publishableAt,
    createdAt: model.createdAt,
  };
}
