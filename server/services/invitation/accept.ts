import { and, eq, isNotNull } from 'drizzle-orm';
import type { Tx } from '#db/client.ts';
import { users } from '#db/schema/accounts.ts';
import { invitations, memberships } from '#db/schema/workspaces.ts';
import { recordAudit } from '../audit/record.ts';
import { requireSession, type ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { atLeast, memberRole } from '../scopes.ts';
import { findInvitation } from './find.ts';

/**
 * Makes the caller a member of the project. Accepting twice does nothing more; a higher role they hold stays.
 * @throws AppError `not_found`; `forbidden` where it is bound to another address; `conflict` where somebody else used it
 */
export async function acceptInvitation(ctx: ServiceContext, input: { token: string }): Promise<{ projectId: string }> {
  const { userId } = requireSession(ctx);
  return ctx.db.transaction(async (tx) => {
    const found = await findInvitation(tx, input.token, ctx.now());
    const { id, role } = found.invitation;
    const place = { workspaceId: found.project.workspaceId, projectId: found.project.id };
    await checkAddress(tx, userId, found.invitation.email);
    // The row lock makes a second person who accepts at the same moment wait, and then see that it is used.
    const [open] = await tx.select().from(invitations).where(eq(invitations.id, id)).for('update');
    const held = await memberRole(tx, userId, place);
    if (open?.acceptedAt || open?.revokedAt) {
      if (held) return { projectId: place.projectId };
      throw new AppError('conflict', 'This invitation has been used. Ask for a new one.');
    }
    if (!held || !atLeast(held, role)) {
      await tx
        .insert(memberships)
        .values({ userId, ...place, role })
        .onConflictDoUpdate({
          target: [memberships.userId, memberships.projectId],
          targetWhere: isNotNull(memberships.projectId),
          set: { role },
        });
    }
    await tx.update(invitations).set({ acceptedAt: ctx.now() }).where(eq(invitations.id, id));
    await recordAudit(tx, ctx, {
      ...place,
      action: 'invitation.accept',
      subject: `invitation:${id}`,
      detail: { role },
    });
    return { projectId: place.projectId };
  });
}

async function checkAddress(tx: Tx, userId: string, bound: string | null): Promise<void> {
  if (!bound) return;
  const [user] = await tx
    .select({ email: users.email })
    .from(users)
    .where(and(eq(users.id, userId), eq(users.email, bound)));
  if (!user) throw new AppError('forbidden', `This invitation is for ${bound}. Sign in with that address.`);
}
