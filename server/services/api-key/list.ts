import { and, desc, eq } from 'drizzle-orm';
import { apiKeys, users } from '#db/schema/accounts.ts';
import { displayName } from '../account/me.ts';
import { type KeyRole, requireUser, type ServiceContext } from '../context.ts';
import { atLeast, authorize } from '../scopes.ts';

export interface ApiKeyRow {
  readonly id: string;
  readonly name: string;
  /** First characters, to recognise it by. */
  readonly prefix: string;
  readonly role: KeyRole;
  readonly owner: string;
  readonly mine: boolean;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
  readonly createdAt: Date;
}

/** The caller's keys in a workspace; for its admins, everybody's. Newest first. */
export async function listApiKeys(ctx: ServiceContext, input: { workspaceId: string }): Promise<ApiKeyRow[]> {
  const access = await authorize(ctx, 'apiKey.read', { workspaceId: input.workspaceId });
  const { userId } = requireUser(ctx);
  const rows = await ctx.db
    .select({ key: apiKeys, owner: users })
    .from(apiKeys)
    .innerJoin(users, eq(users.id, apiKeys.userId))
    .where(
      and(
        eq(apiKeys.workspaceId, input.workspaceId),
        atLeast(access.role, 'admin') ? undefined : eq(apiKeys.userId, userId),
      ),
    )
    .orderBy(desc(apiKeys.createdAt), apiKeys.id);
  return rows.map(({ key, owner }) => ({
    id: key.id,
    name: key.name,
    prefix: key.prefix,
    role: key.role,
    owner: displayName(owner),
    mine: owner.id === userId,
    expiresAt: key.expiresAt,
    lastUsedAt: key.lastUsedAt,
    revokedAt: key.revokedAt,
    createdAt: key.createdAt,
  }));
}
