/** The models of a project, newest first. */
import { desc, eq } from 'drizzle-orm';
import type { ModelView } from '#core/contracts/views.ts';
import { models } from '#db/schema/models.ts';
import { searches, tasks } from '#db/schema/searches.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../scopes.ts';
import { viewModel } from './get.ts';

export async function listModels(ctx: ServiceContext, input: { projectId: string }): Promise<ModelView[]> {
  await authorize(ctx, 'model.read', { projectId: input.projectId });
  const rows = await ctx.db
    .select({ model: models, number: searches.number, looks: tasks.testLooks })
    .from(models)
    .innerJoin(searches, eq(searches.id, models.searchId))
    .innerJoin(tasks, eq(tasks.id, searches.taskId))
    .where(eq(models.projectId, input.projectId))
    .orderBy(desc(models.number));
  return rows.map((row) => viewModel(row.model, row.number, row.looks));
}
