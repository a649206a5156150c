import { apiKeys } from '#db/schema/accounts.ts';
import { recordAudit } from '../audit/record.ts';
import { type KeyRole, requireUser, type ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { atLeast, authorize } from '../scopes.ts';
import { hashToken, randomToken } from '../tokens.ts';

/**
 * Makes an API key for one workspace. The key is shown once; only its SHA-256 is kept. What it may do is at every use
 * capped by what its maker may do then.
 * @throws AppError `forbidden` for a role above the caller's own
 */
export async function createApiKey(
  ctx: ServiceContext,
  input: { workspaceId: string; name: string; role: KeyRole; expiresDays: number },
): Promise<{ id: string; key: string; expiresAt: Date }> {
  const access = await authorize(ctx, 'apiKey.create', { workspaceId: input.workspaceId });
  const { userId } = requireUser(ctx);
  if (!atLeast(access.role, input.role)) {
    throw new AppError('forbidden', `A key cannot have more than your own role, ${access.role}.`);
  }
  const key = `ws_${randomToken()}`;
  const expiresAt = new Date(ctx.now().getTime() + input.expiresDays * 24 * 3600 * 1000);
  const id = await ctx.db.transaction(async (tx) => {
    const [row] = await tx
      .insert(apiKeys)
      .values({
        workspaceId: input.workspaceId,
        userId,
        name: input.name,
        prefix: key.slice(0, 8),
        hash: hashToken(key),
        role: input.role,
        expiresAt,
      })
      .returning({ id: apiKeys.id });
    if (!row) throw new Error('the key was not inserted');
    await recordAudit(tx, ctx, {
      ...access,
      action: 'apiKey.create',
      subject: `apiKey:${row.id}`,
      detail: { role: input.role, days: input.expiresDays },
    });
    return row.id;
  });
  return { id, key, expiresAt };
}
