import { count, inArray } from 'drizzle-orm';
import { datasets } from '#db/schema/datasets.ts';
import { models } from '#db/schema/models.ts';
import { searches } from '#db/schema/searches.ts';
import { requireUser, type ServiceContext } from '../context.ts';
import { type Role, visibleProjects } from '../scopes.ts';

export interface ProjectRow {
  readonly id: string;
  readonly name: string;
  readonly workspaceId: string;
  readonly role: Role;
  /** How many of each it holds. */
  readonly datasets: number;
  readonly searches: number;
  readonly models: number;
  readonly createdAt: Date;
}

/** The projects the caller can see, oldest first, optionally of one workspace. */
export async function listProjects(
  ctx: ServiceContext,
  input: { workspaceId?: string | null | undefined } = {},
): Promise<ProjectRow[]> {
  requireUser(ctx);
  const visible = (await visibleProjects(ctx)).filter((p) => !input.workspaceId || p.workspaceId === input.workspaceId);
  if (visible.length === 0) return [];
  const ids = visible.map((project) => project.id);
  const counts = async (table: typeof datasets | typeof searches | typeof models) => {
    const rows = await ctx.db
      .select({ id: table.projectId, n: count() })
      .from(table)
      .where(inArray(table.projectId, ids))
      .groupBy(table.projectId);
    return new Map(rows.map((row) => [row.id, row.n]));
  };
  const [inDatasets, inSearches, inModels] = await Promise.all([counts(datasets), counts(searches), counts(models)]);
  return visible.map((project) => ({
    ...project,
    datasets: inDatasets.get(project.id) ?? 0,
    searches: inSearches.get(project.id) ?? 0,
    models: inModels.get(project.id) ?? 0,
  }));
}
