import { desc, eq } from 'drizzle-orm';
import { users } from '#db/schema/accounts.ts';
import { invitations } from '#db/schema/workspaces.ts';
import { displayName } from '../account/me.ts';
import type { KeyRole, ServiceContext } from '../context.ts';
import { authorize } from '../scopes.ts';

export interface InvitationRow {
  readonly id: string;
  readonly role: KeyRole;
  readonly email: string | null;
  readonly inviter: string;
  readonly state: 'open' | 'accepted' | 'revoked' | 'expired';
  readonly expiresAt: Date;
  readonly createdAt: Date;
}

/** A project's invitations, newest first; links themselves cannot be shown again. */
export async function listInvitations(ctx: ServiceContext, input: { projectId: string }): Promise<InvitationRow[]> {
  await authorize(ctx, 'invitation.read', { projectId: input.projectId });
  const rows = await ctx.db
    .select({ invitation: invitations, inviter: users })
    .from(invitations)
    .innerJoin(users, eq(users.id, invitations.createdBy))
    .where(eq(invitations.projectId, input.projectId))
    .orderBy(desc(invitations.createdAt), invitations.id)
    .limit(200);
  const now = ctx.now();
  return rows.map(({ invitation: i, inviter }) => ({
    id: i.id,
    role: i.role,
    email: i.email,
    inviter: displayName(inviter),
    state: i.revokedAt ? 'revoked' : i.acceptedAt ? 'accepted' : i.expiresAt <= now ? 'expired' : 'open',
    expiresAt: i.expiresAt,
    createdAt: i.createdAt,
  }));
}
