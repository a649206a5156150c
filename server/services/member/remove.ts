import { and, eq } from 'drizzle-orm';
import type { Tx } from '#db/client.ts';
import { memberships } from '#db/schema/workspaces.ts';
import { recordAudit } from '../audit/record.ts';
import { requireUser, type ServiceContext } from '../context.ts';
import { type Access, authorize } from '../scopes.ts';
import { checkMayChange, checkNotLastOwner, lockStanding, type Standing } from './standing.ts';

/**
 * Takes a member out: of the project, or of the whole workspace where that is where their role comes from.
 * Removing oneself is leaving, which every role may.
 * @throws AppError `conflict` where the last owner would go
 */
export async function removeMember(ctx: ServiceContext, input: { projectId: string; userId: string }): Promise<void> {
  if (ctx.actor.kind === 'user' && ctx.actor.userId === input.userId) return leaveProject(ctx, input);
  const access = await authorize(ctx, 'member.remove', { projectId: input.projectId });
  await ctx.db.transaction(async (tx) => {
    const standing = await lockStanding(tx, access, input.userId);
    await checkMayChange(tx, ctx, access, standing);
    await takeOut(tx, ctx, access, standing, input.userId, 'member.remove');
  });
}

/** Gives up one's own part in a project, or in the workspace where the role comes from there. */
export async function leaveProject(ctx: ServiceContext, input: { projectId: string }): Promise<void> {
  const access = await authorize(ctx, 'member.leave', { projectId: input.projectId });
  const { userId } = requireUser(ctx);
  await ctx.db.transaction(async (tx) => {
    const standing = await lockStanding(tx, access, userId);
    await takeOut(tx, ctx, access, standing, userId, 'member.leave');
  });
}

async function takeOut(
  tx: Tx,
  ctx: ServiceContext,
  access: Access,
  standing: Standing,
  userId: string,
  action: string,
): Promise<void> {
  await checkNotLastOwner(tx, access.workspaceId, standing);
  await tx
    .delete(memberships)
    .where(
      and(
        eq(memberships.userId, userId),
        eq(memberships.workspaceId, access.workspaceId),
        standing.whole ? undefined : eq(memberships.projectId, access.projectId ?? ''),
      ),
    );
  await recordAudit(tx, ctx, { ...access, action, subject: `user:${userId}`, detail: { role: standing.role } });
}
