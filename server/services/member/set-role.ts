import { and, eq, isNull } from 'drizzle-orm';
import { memberships } from '#db/schema/workspaces.ts';
import { recordAudit } from '../audit/record.ts';
import type { ServiceContext } from '../context.ts';
import { authorize, type Role } from '../scopes.ts';
import { checkMayChange, checkNotLastOwner, lockStanding } from './standing.ts';

/**
 * Gives a member another role. A role that came from the whole workspace changes there; `owner` always means the whole
 * workspace and only an owner can give it.
 * @throws AppError `conflict` where the last owner would be demoted
 */
export async function setMemberRole(
  ctx: ServiceContext,
  input: { projectId: string; userId: string; role: Role },
): Promise<void> {
  const access = await authorize(ctx, 'member.setRole', { projectId: input.projectId });
  const { workspaceId } = access;
  await ctx.db.transaction(async (tx) => {
    const standing = await lockStanding(tx, access, input.userId);
    await checkMayChange(tx, ctx, access, standing, input.role);
    if (input.role !== 'owner') await checkNotLastOwner(tx, workspaceId, standing);
    const inWorkspace = and(eq(memberships.userId, input.userId), eq(memberships.workspaceId, workspaceId));
    const inProject = and(inWorkspace, eq(memberships.projectId, input.projectId));
    if (standing.whole || input.role === 'owner') {
      // A leftover role in the project could outrank the new one.
      await tx.delete(memberships).where(standing.whole ? inProject : inWorkspace);
      await tx
        .insert(memberships)
        .values({ userId: input.userId, workspaceId, role: input.role })
        .onConflictDoUpdate({
          target: [memberships.userId, memberships.workspaceId],
          targetWhere: isNull(memberships.projectId),
          set: { role: input.role },
        });
    } else {
      await tx.update(memberships).set({ role: input.role }).where(inProject);
    }
    await recordAudit(tx, ctx, {
      ...access,
      action: 'member.setRole',
      subject: `user:${input.userId}`,
      detail: { from: standing.role, to: input.role },
    });
  });
}
