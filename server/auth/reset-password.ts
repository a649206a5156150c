/** Resetting a password, started by whoever runs the server: there may be no mail server. */
import { and, eq, gt, like, lt } from 'drizzle-orm';
import type { z } from 'zod';
import { emailSchema, passwordSchema, type resetPasswordSchema } from '#core/contracts/account.ts';
import { users, verificationTokens } from '#db/schema/accounts.ts';
import { recordAudit } from '../services/audit/record.ts';
import type { Services } from '../services/context.ts';
import { AppError } from '../services/errors.ts';
import { takeAttempt } from '../services/rate-limit/take.ts';
import { hashToken, randomToken } from '../services/tokens.ts';
import { resetLimit } from './limits.ts';
import { hashPassword } from './passwords.ts';
import { deleteSessions } from './session.ts';

type Parts = Pick<Services, 'db' | 'config' | 'now'>;

const prefix = 'reset:';
const linkSeconds = 3600;

/**
 * Makes a link that sets a new password once, within an hour. Earlier links of the account stop working.
 * @throws AppError `not_found` where no account has this address
 */
export async function createResetLink({ db, config, now }: Parts, email: string): Promise<string> {
  const user = await findUser({ db }, email);
  const token = randomToken();
  const identifier = prefix + user.id;
  await db.transaction(async (tx) => {
    await tx.delete(verificationTokens).where(eq(verificationTokens.identifier, identifier));
    await tx
      .insert(verificationTokens)
      .values({ identifier, token: hashToken(token), expires: new Date(now().getTime() + linkSeconds * 1000) });
  });
  return `${config.publicUrl}/reset-password?token=${token}`;
}

/**
 * Sets a password without a link and signs the account out everywhere.
 * @throws AppError `not_found`; ZodError for a password that is too short
 */
export async function setPassword(parts: Parts, email: string, password: string): Promise<void> {
  const user = await findUser(parts, email);
  await replacePassword(parts, user.id, passwordSchema.parse(password));
}

/**
 * Uses up a link from `createResetLink`.
 * @throws AppError `not_found` for a link that is used, expired or wrong; `rate_limited`
 */
export async function resetPassword(
  parts: Parts,
  input: z.infer<typeof resetPasswordSchema>,
  ip: string,
): Promise<void> {
  const { db, now } = parts;
  await takeAttempt(db, resetLimit, [ip], now());
  await db
    .delete(verificationTokens)
    .where(and(like(verificationTokens.identifier, `${prefix}%`), lt(verificationTokens.expires, now())));
  const [used] = await db
    .delete(verificationTokens)
    .where(
      and(
        like(verificationTokens.identifier, `${prefix}%`),
        eq(verificationTokens.token, hashToken(input.token)),
        gt(verificationTokens.expires, now()),
      ),
    )
    .returning();
  if (!used) throw new AppError('not_found', 'This link was used, has expired or is incomplete. Ask for a new one.');
  await replacePassword(parts, used.identifier.slice(prefix.length), input.password);
}

async function findUser({ db }: Pick<Services, 'db'>, email: string) {
  const address = emailSchema.parse(email);
  const [user] = await db.select().from(users).where(eq(users.email, address));
  if (!user) throw new AppError('not_found', `No account has the address ${address}.`);
  return user;
}

async function replacePassword({ db, now }: Parts, userId: string, password: string): Promise<void> {
  const passwordHash = await hashPassword(password);
  await db.transaction(async (tx) => {
    await tx.update(users).set({ passwordHash }).where(eq(users.id, userId));
    await deleteSessions(tx, userId);
    await recordAudit(
      tx,
      { actor: { kind: 'system' }, now },
      { workspaceId: null, projectId: null, action: 'account.resetPassword', subject: `user:${userId}` },
    );
  });
}
