/** Sessions are rows that can be revoked; the database holds only the hash of each token. */
import { and, eq, gt, ne } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import { sessions } from '#db/schema/accounts.ts';
import { hashToken, randomToken } from '../services/tokens.ts';

export const sessionSeconds = 30 * 24 * 3600;
/** A session in use is prolonged once a day. */
const renewAfterSeconds = 24 * 3600;

export interface OpenSession {
  readonly userId: string;
  readonly expires: Date;
}

/** @returns the token for the cookie and when it ends */
export async function createSession(
  db: Executor,
  userId: string,
  now: Date,
): Promise<{ token: string; expires: Date }> {
  const token = randomToken();
  const expires = new Date(now.getTime() + sessionSeconds * 1000);
  await db.insert(sessions).values({ sessionToken: hashToken(token), userId, expires });
  return { token, expires };
}

/** @returns null for an unknown or expired token */
export async function readSession(db: Executor, token: string, now: Date): Promise<OpenSession | null> {
  const [row] = await db
    .select({ userId: sessions.userId, expires: sessions.expires })
    .from(sessions)
    .where(and(eq(sessions.sessionToken, hashToken(token)), gt(sessions.expires, now)));
  return row ?? null;
}

/** Prolongs a session that has been open for a day. @returns the new end, or null where nothing changed */
export async function renewSession(db: Executor, token: string, open: OpenSession, now: Date): Promise<Date | null> {
  const left = (open.expires.getTime() - now.getTime()) / 1000;
  if (left > sessionSeconds - renewAfterSeconds) return null;
  const expires = new Date(now.getTime() + sessionSeconds * 1000);
  await db
    .update(sessions)
    .set({ expires })
    .where(eq(sessions.sessionToken, hashToken(token)));
  return expires;
}

export async function deleteSession(db: Executor, token: string): Promise<void> {
  await db.delete(sessions).where(eq(sessions.sessionToken, hashToken(token)));
}

/** Signs a person out everywhere, except where `keep` is the token of the session to leave open. */
export async function deleteSessions(db: Executor, userId: string, keep?: string): Promise<void> {
  await db
    .delete(sessions)
    .where(and(eq(sessions.userId, userId), keep ? ne(sessions.sessionToken, hashToken(keep)) : undefined));
}
