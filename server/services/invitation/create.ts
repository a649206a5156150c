import { invitations } from '#db/schema/workspaces.ts';
import { recordAudit } from '../audit/record.ts';
import { type KeyRole, requireUser, type ServiceContext } from '../context.ts';
import { type Limit, takeAttempt } from '../rate-limit/take.ts';
import { authorize } from '../scopes.ts';
import { hashToken, randomToken } from '../tokens.ts';

export const invitationDays = 7;
const limit: Limit = { name: 'invitation', max: 50, seconds: 3600 };

/**
 * Makes a link that lets one person into a project. The link is shown once; only its hash is kept.
 * @param input `email`: only this address may accept
 */
export async function createInvitation(
  ctx: ServiceContext,
  input: { projectId: string; role: KeyRole; email?: string | null | undefined },
): Promise<{ id: string; url: string; expiresAt: Date }> {
  const access = await authorize(ctx, 'invitation.create', { projectId: input.projectId });
  const { userId } = requireUser(ctx);
  await takeAttempt(ctx.db, limit, [userId], ctx.now());
  const token = randomToken();
  const expiresAt = new Date(ctx.now().getTime() + invitationDays * 24 * 3600 * 1000);
  const id = await ctx.db.transaction(async (tx) => {
    const [row] = await tx
      .insert(invitations)
      .values({
        projectId: input.projectId,
        role: input.role,
        email: input.email ?? null,
        tokenHash: hashToken(token),
        createdBy: userId,
        expiresAt,
      })
      .returning({ id: invitations.id });
    if (!row) throw new Error('the invitation was not inserted');
    await recordAudit(tx, ctx, {
      ...access,
      action: 'invitation.create',
      subject: `invitation:${row.id}`,
      detail: { role: input.role, bound: input.email != null },
    });
    return row.id;
  });
  return { id, url: `${ctx.config.publicUrl}/invite/${token}`, expiresAt };
}
