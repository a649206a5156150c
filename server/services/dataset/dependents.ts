import { asc, eq, inArray } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import { datasetVersions } from '#db/schema/datasets.ts';
import { models } from '#db/schema/models.ts';
import { searches, tasks } from '#db/schema/searches.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../scopes.ts';

export interface Dependents {
  readonly searches: {
    readonly id: string;
    readonly number: number;
    readonly target: string;
    readonly state: string;
  }[];
  readonly models: { readonly id: string; readonly name: string; readonly number: number }[];
}

/** What would go with a data set: its searches and their models. */
export async function listDependents(ctx: ServiceContext, input: { id: string }): Promise<Dependents> {
  await authorize(ctx, 'dataset.read', { datasetId: input.id });
  return findDependents(ctx.db, input.id);
}

export async function findDependents(tx: Executor, datasetId: string): Promise<Dependents> {
  const found = await tx
    .select({ id: searches.id, number: searches.number, target: tasks.target, state: searches.state })
    .from(searches)
    .innerJoin(tasks, eq(tasks.id, searches.taskId))
    .innerJoin(datasetVersions, eq(datasetVersions.id, tasks.datasetVersionId))
    .where(eq(datasetVersions.datasetId, datasetId))
    .orderBy(asc(searches.number));
  if (found.length === 0) return { searches: [], models: [] };
  const made = await tx
    .select({ id: models.id, name: models.name, number: models.number })
    .from(models)
    .where(
      inArray(
        models.searchId,
        found.map((search) => search.id),
      ),
    )
    .orderBy(asc(models.number));
  return { searches: found, models: made };
}
