import { eq } from 'drizzle-orm';
import { users } from '#db/schema/accounts.ts';
import type { ServiceContext } from '../context.ts';

export interface Me {
  readonly user: { id: string; name: string; email: string; hasPassword: boolean } | null;
  /** OAuth providers whose settings are there. */
  readonly providers: ('github' | 'google')[];
  /** Whether links can be sent by mail. */
  readonly mail: boolean;
}

/** Who is signed in (null for strangers), and which ways of signing in this server offers. */
export async function getMe(ctx: ServiceContext): Promise<Me> {
  const { oauth, mail } = ctx.config;
  const offered = (['github', 'google'] as const).filter((name) => oauth[name]);
  return { user: await currentUser(ctx), providers: offered, mail: mail !== undefined };
}

async function currentUser(ctx: ServiceContext): Promise<Me['user']> {
  if (ctx.actor.kind !== 'user') return null;
  const [row] = await ctx.db.select().from(users).where(eq(users.id, ctx.actor.userId));
  if (!row) return null;
  return { id: row.id, name: displayName(row), email: row.email, hasPassword: row.passwordHash !== null };
}

/** A person's name, or the part of the mail before the `@` where none was given. */
export const displayName = (user: { name: string | null; email: string }): string =>
  user.name?.trim() || (user.email.split('@')[0] ?? user.email);
