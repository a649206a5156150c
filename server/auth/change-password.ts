import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { changePasswordSchema } from '#core/contracts/account.ts';
import { users } from '#db/schema/accounts.ts';
import { recordAudit } from '../services/audit/record.ts';
import { requireSession, type ServiceContext } from '../services/context.ts';
import { AppError } from '../services/errors.ts';
import { takeAttempt } from '../services/rate-limit/take.ts';
import { passwordLimit } from './limits.ts';
import { checkPassword, hashPassword } from './passwords.ts';
import { deleteSessions } from './session.ts';

/**
 * Sets a new password and signs every other session out.
 * @param keep token of the session that stays open
 * @throws AppError `invalid` where the current password is wrong
 */
export async function changePassword(
  ctx: ServiceContext,
  input: z.infer<typeof changePasswordSchema>,
  keep: string | undefined,
): Promise<void> {
  const { userId } = requireSession(ctx);
  await takeAttempt(ctx.db, passwordLimit, [userId], ctx.now());
  const [user] = await ctx.db.select().from(users).where(eq(users.id, userId));
  if (user?.passwordHash && !(await checkPassword(user.passwordHash, input.current ?? ''))) {
    throw new AppError('invalid', 'The current password is wrong.', { field: 'current' });
  }
  const passwordHash = await hashPassword(input.next);
  await ctx.db.transaction(async (tx) => {
    await tx.update(users).set({ passwordHash }).where(eq(users.id, userId));
    await deleteSessions(tx, userId, keep);
    await recordAudit(tx, ctx, {
      workspaceId: null,
      projectId: null,
      action: 'account.changePassword',
      subject: `user:${userId}`,
    });
  });
}
