import { eq } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import { users } from '#db/schema/accounts.ts';
import { invitations, projects } from '#db/schema/workspaces.ts';
import { AppError } from '../errors.ts';
import { atLeast, memberRole } from '../scopes.ts';
import { hashToken } from '../tokens.ts';

const gone = 'This invitation is not valid: it was revoked, or the link is incomplete. Ask for a new one.';

/**
 * Whoever holds the token may know what it is for; nobody else learns that it exists.
 * @throws AppError `not_found` for an unknown or revoked token, an expired one, or one whose maker may no longer invite
 */
export async function findInvitation(db: Executor, token: string, now: Date) {
  const [row] = await db
    .select({ invitation: invitations, project: projects, inviter: users })
    .from(invitations)
    .innerJoin(projects, eq(projects.id, invitations.projectId))
    .innerJoin(users, eq(users.id, invitations.createdBy))
    .where(eq(invitations.tokenHash, hashToken(token)));
  if (!row || row.invitation.revokedAt) throw new AppError('not_found', gone);
  if (row.invitation.acceptedAt) return row;
  if (row.invitation.expiresAt <= now) {
    throw new AppError('not_found', 'This invitation has expired. Ask for a new one.');
  }
  const place = { workspaceId: row.project.workspaceId, projectId: row.project.id };
  const role = await memberRole(db, row.inviter.id, place);
  if (!role || !atLeast(role, 'admin')) throw new AppError('not_found', gone);
  return row;
}
