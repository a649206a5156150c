import { and, eq, inArray, isNull, ne } from 'drizzle-orm';
import type { Tx } from '#db/client.ts';
import { users } from '#db/schema/accounts.ts';
import { memberships, projects, workspaces } from '#db/schema/workspaces.ts';
import { recordAudit } from '../services/audit/record.ts';
import { requireSession, type ServiceContext } from '../services/context.ts';
import { AppError } from '../services/errors.ts';
import { type ProjectBlobs, projectBlobs, removeBlobs } from '../services/project/blobs.ts';
import { takeAttempt } from '../services/rate-limit/take.ts';
import { passwordLimit } from './limits.ts';
import { checkPassword } from './passwords.ts';

/**
 * Deletes the caller, the workspaces only they belong to, and all blobs in those.
 * @throws AppError `invalid` on a wrong password; `conflict` where others belong to a workspace whose only owner they are
 */
export async function deleteAccount(ctx: ServiceContext, input: { password?: string | undefined }): Promise<void> {
  const { userId } = requireSession(ctx);
  await takeAttempt(ctx.db, passwordLimit, [userId], ctx.now());
  const [user] = await ctx.db.select().from(users).where(eq(users.id, userId));
  if (user?.passwordHash && !(await checkPassword(user.passwordHash, input.password ?? ''))) {
    throw new AppError('invalid', 'The password is wrong.', { field: 'password' });
  }
  const blobs = await ctx.db.transaction(async (tx) => {
    const owned = await solelyOwned(tx, userId);
    const doomed = await Promise.all((await projectIds(tx, owned)).map((id) => projectBlobs(tx, id)));
    if (owned.length > 0) await tx.delete(workspaces).where(inArray(workspaces.id, owned));
    await recordAudit(tx, ctx, {
      workspaceId: null,
      projectId: null,
      action: 'account.delete',
      subject: `user:${userId}`,
    });
    await tx.delete(users).where(eq(users.id, userId));
    return doomed;
  });
  for (const found of blobs as ProjectBlobs[]) await removeBlobs(ctx, found);
}

/** Workspaces that have this one owner. @throws AppError `conflict` where somebody else still belongs to one */
async function solelyOwned(tx: Tx, userId: string): Promise<string[]> {
  const owned = await tx
    .select({ id: workspaces.id, name: workspaces.name })
    .from(memberships)
    .innerJoin(workspaces, eq(workspaces.id, memberships.workspaceId))
    .where(and(eq(memberships.userId, userId), eq(memberships.role, 'owner'), isNull(memberships.projectId)))
    .for('update', { of: memberships });
  const alone: string[] = [];
  for (const { id, name } of owned) {
    const others = await tx
      .select({ role: memberships.role, projectId: memberships.projectId })
      .from(memberships)
      .where(and(eq(memberships.workspaceId, id), ne(memberships.userId, userId)));
    if (others.some((other) => other.role === 'owner' && other.projectId === null)) continue;
    if (others.length > 0) {
      throw new AppError('conflict', `Others work in ${name}. Make one of them an owner, or remove them, first.`);
    }
    alone.push(id);
  }
  return alone;
}

async function projectIds(tx: Tx, workspaceIds: string[]): Promise<string[]> {
  if (workspaceIds.length === 0) return [];
  const rows = await tx.select({ id: projects.id }).from(projects).where(inArray(projects.workspaceId, workspaceIds));
  return rows.map((row) => row.id);
}
