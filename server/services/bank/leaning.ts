/** Searches whose prior rests on a task of the bank, newest first. */
import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import { events, searches } from '#db/schema/searches.ts';
import { projects } from '#db/schema/workspaces.ts';
import type { ServiceContext } from '../context.ts';
import { listWorkspaces } from '../workspace/list.ts';

export interface LeaningSearch {
  readonly id: string;
  readonly projectId: string;
  readonly projectName: string;
  readonly number: number;
  readonly createdAt: Date;
}

const mostShown = 5;

/** Of the caller's own workspaces: others' searches are nobody's business. */
export async function leaningSearches(ctx: ServiceContext, taskId: string): Promise<LeaningSearch[]> {
  const workspaces = (await listWorkspaces(ctx)).map(({ id }) => id);
  if (workspaces.length === 0) return [];
  return ctx.db
    .select({
      id: searches.id,
      projectId: searches.projectId,
      projectName: projects.name,
      number: searches.number,
      createdAt: searches.createdAt,
    })
    .from(searches)
    .innerJoin(projects, eq(projects.id, searches.projectId))
    .innerJoin(events, eq(events.searchId, searches.id))
    .where(
      and(
        inArray(projects.workspaceId, workspaces),
        eq(events.kind, 'prior'),
        sql`${events.data} @> ${JSON.stringify({ tasks: [{ id: taskId }] })}::jsonb`,
      ),
    )
    .orderBy(desc(searches.createdAt))
    .limit(mostShown);
}
