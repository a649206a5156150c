import { and, eq, isNull } from 'drizzle-orm';
import { memberships, workspaces } from '#db/schema/workspaces.ts';
import { requireUser, type ServiceContext } from '../context.ts';
import { lowerRole, type Role } from '../scopes.ts';

/** The workspaces the caller belongs to as a whole; with a key, the one it opens. */
export async function listWorkspaces(ctx: ServiceContext): Promise<{ id: string; name: string; role: Role }[]> {
  const actor = requireUser(ctx);
  const rows = await ctx.db
    .select({ id: workspaces.id, name: workspaces.name, role: memberships.role })
    .from(memberships)
    .innerJoin(workspaces, eq(workspaces.id, memberships.workspaceId))
    .where(
      and(
        eq(memberships.userId, actor.userId),
        isNull(memberships.projectId),
        actor.via === 'key' ? eq(workspaces.id, actor.keyWorkspaceId ?? '') : undefined,
      ),
    )
    .orderBy(workspaces.createdAt, workspaces.id);
  return rows.map((row) => ({
    ...row,
    role: actor.via === 'key' ? lowerRole(row.role, actor.keyRole ?? 'viewer') : row.role,
  }));
}
