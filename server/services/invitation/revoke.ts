import { and, eq, isNull } from 'drizzle-orm';
import { invitations } from '#db/schema/workspaces.ts';
import { recordAudit } from '../audit/record.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../scopes.ts';

/** Makes a link useless. Who has already accepted stays a member. */
export async function revokeInvitation(ctx: ServiceContext, input: { id: string }): Promise<void> {
  const access = await authorize(ctx, 'invitation.revoke', { invitationId: input.id });
  await ctx.db.transaction(async (tx) => {
    await tx
      .update(invitations)
      .set({ revokedAt: ctx.now() })
      .where(and(eq(invitations.id, input.id), isNull(invitations.revokedAt)));
    await recordAudit(tx, ctx, { ...access, action: 'invitation.revoke', subject: `invitation:${input.id}` });
  });
}
