import { and, eq, isNull, or } from 'drizzle-orm';
import { users } from '#db/schema/accounts.ts';
import { memberships } from '#db/schema/workspaces.ts';
import { displayName } from '../account/me.ts';
import type { ServiceContext } from '../context.ts';
import { authorize, type Role, roleRank } from '../scopes.ts';

export interface MemberRow {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  /** True where the role comes from the whole workspace, not from this project. */
  readonly inherited: boolean;
}

/** Everybody who can see a project, highest role first. */
export async function listMembers(ctx: ServiceContext, input: { projectId: string }): Promise<MemberRow[]> {
  const { workspaceId } = await authorize(ctx, 'member.read', { projectId: input.projectId });
  const rows = await ctx.db
    .select({ user: users, role: memberships.role, projectId: memberships.projectId })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(
      and(
        eq(memberships.workspaceId, workspaceId),
        or(isNull(memberships.projectId), eq(memberships.projectId, input.projectId)),
      ),
    )
    .orderBy(memberships.createdAt, memberships.id);
  const members = new Map<string, MemberRow>();
  for (const { user, role, projectId } of rows) {
    const before = members.get(user.id);
    if (before && roleRank[before.role] >= roleRank[role]) continue;
    const inherited = projectId === null;
    members.set(user.id, { userId: user.id, name: displayName(user), email: user.email, role, inherited });
  }
  return [...members.values()].sort((a, b) => roleRank[b.role] - roleRank[a.role]);
}
