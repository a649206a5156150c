import { and, eq, isNull } from 'drizzle-orm';
import { apiKeys } from '#db/schema/accounts.ts';
import { recordAudit } from '../audit/record.ts';
import { requireUser, type ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { atLeast, authorize } from '../scopes.ts';

/** Ends a key at once: one's own, or as an admin of the workspace anybody's. */
export async function revokeApiKey(ctx: ServiceContext, input: { id: string }): Promise<void> {
  const access = await authorize(ctx, 'apiKey.revoke', { apiKeyId: input.id });
  const { userId } = requireUser(ctx);
  const [key] = await ctx.db.select({ userId: apiKeys.userId }).from(apiKeys).where(eq(apiKeys.id, input.id));
  if (key?.userId !== userId && !atLeast(access.role, 'admin')) {
    await recordAudit(ctx.db, ctx, { ...access, action: 'apiKey.revoke', subject: `apiKey:${input.id}`, denied: true });
    throw new AppError('forbidden', 'This key is somebody else’s; only an admin can revoke it.');
  }
  await ctx.db.transaction(async (tx) => {
    await tx
      .update(apiKeys)
      .set({ revokedAt: ctx.now() })
      .where(and(eq(apiKeys.id, input.id), isNull(apiKeys.revokedAt)));
    await recordAudit(tx, ctx, { ...access, action: 'apiKey.revoke', subject: `apiKey:${input.id}` });
  });
}
