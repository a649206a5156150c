/** How a member stands in a project, and the rules that every change of standing keeps. */
import { and, eq, isNull, or } from 'drizzle-orm';
import type { Tx } from '#db/client.ts';
import { memberships, workspaces } from '#db/schema/workspaces.ts';
import { requireUser, type ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { type Access, atLeast, memberRole, type Role, roleRank } from '../scopes.ts';

export interface Standing {
  readonly role: Role;
  /** The membership that gives the role: of the whole workspace, or of the project. */
  readonly whole: boolean;
}

/**
 * Locks the workspace, so that two changes cannot both leave it without an owner, and reads the member's standing.
 * @throws AppError `not_found` where the person is no member
 */
export async function lockStanding(tx: Tx, access: Access, userId: string): Promise<Standing> {
  await tx.select({ id: workspaces.id }).from(workspaces).where(eq(workspaces.id, access.workspaceId)).for('update');
  const rows = await tx
    .select({ role: memberships.role, projectId: memberships.projectId })
    .from(memberships)
    .where(
      and(
        eq(memberships.userId, userId),
        eq(memberships.workspaceId, access.workspaceId),
        or(isNull(memberships.projectId), eq(memberships.projectId, access.projectId ?? '')),
      ),
    );
  const best = rows.sort((a, b) => roleRank[b.role] - roleRank[a.role] || (a.projectId === null ? -1 : 1))[0];
  if (!best) throw new AppError('not_found', 'There is no such member here.');
  return { role: best.role, whole: best.projectId === null };
}

/**
 * Nobody changes somebody above them or grants more than they hold; who belongs to the whole workspace is changed only
 * by those who administer the whole workspace.
 * @param role the role to be given; undefined for a removal
 * @throws AppError `forbidden`
 */
export async function checkMayChange(
  tx: Tx,
  ctx: ServiceContext,
  access: Access,
  standing: Standing,
  role?: Role,
): Promise<void> {
  const { userId } = requireUser(ctx);
  const whole = standing.whole || role === 'owner';
  const own = whole ? await memberRole(tx, userId, { workspaceId: access.workspaceId, projectId: null }) : access.role;
  if (!own || !atLeast(own, 'admin')) {
    throw new AppError('forbidden', 'This role comes from the whole workspace; only its admins can change it.');
  }
  if (!atLeast(own, standing.role) || (role && !atLeast(own, role))) {
    throw new AppError('forbidden', `This needs the role ${standing.role === 'owner' ? 'owner' : (role ?? 'owner')}.`);
  }
}

/** @throws AppError `conflict` where the change would leave the workspace without an owner */
export async function checkNotLastOwner(tx: Tx, workspaceId: string, standing: Standing): Promise<void> {
  if (standing.role !== 'owner') return;
  const owners = await tx
    .select({ id: memberships.id })
    .from(memberships)
    .where(and(eq(memberships.workspaceId, workspaceId), isNull(memberships.projectId), eq(memberships.role, 'owner')));
  if (owners.length < 2) throw new AppError('conflict', 'A workspace needs an owner. Make somebody else one first.');
}
