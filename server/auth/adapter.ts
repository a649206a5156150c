/** Auth.js's Drizzle adapter over our tables, with session tokens hashed and mails in lower case. */
import { DrizzleAdapter } from '@auth/drizzle-adapter';
import { eq } from 'drizzle-orm';
import type { Adapter } from 'next-auth/adapters';
import type { Database } from '#db/client.ts';
import { accounts, sessions, users, verificationTokens } from '#db/schema/accounts.ts';
import { hashToken } from '../services/tokens.ts';
import { deleteSession, deleteSessions } from './session.ts';

export function createAdapter(db: Database): Adapter {
  const base = DrizzleAdapter(db, {
    usersTable: users,
    accountsTable: accounts,
    sessionsTable: sessions,
    verificationTokensTable: verificationTokens,
  });
  return {
    ...base,
    createUser: (user) => required(base.createUser)({ ...user, email: user.email.toLowerCase() }),
    getUserByEmail: (email) => required(base.getUserByEmail)(email.toLowerCase()),
    async updateUser(user) {
      if (user.emailVerified) await dropUnverifiedPassword(db, user.id);
      return required(base.updateUser)(user);
    },
    async createSession(session) {
      await required(base.createSession)({ ...session, sessionToken: hashToken(session.sessionToken) });
      return session;
    },
    async getSessionAndUser(token) {
      const found = await required(base.getSessionAndUser)(hashToken(token));
      return found && { ...found, session: { ...found.session, sessionToken: token } };
    },
    async updateSession(session) {
      await required(base.updateSession)({ ...session, sessionToken: hashToken(session.sessionToken) });
      return undefined;
    },
    deleteSession: (token) => deleteSession(db, token),
  };
}

/**
 * Somebody may have signed up with an address that is not theirs. Once its holder proves it by a mail link, the
 * password and the sessions of before are void.
 */
async function dropUnverifiedPassword(db: Database, userId: string): Promise<void> {
  const [before] = await db.select({ verified: users.emailVerified }).from(users).where(eq(users.id, userId));
  if (!before || before.verified) return;
  await db.transaction(async (tx) => {
    await tx.update(users).set({ passwordHash: null }).where(eq(users.id, userId));
    await deleteSessions(tx, userId);
  });
}

function required<T>(method: T | undefined): T {
  if (!method) throw new Error('the adapter lacks a method');
  return method;
}
