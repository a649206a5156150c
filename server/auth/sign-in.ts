import { eq } from 'drizzle-orm';
import { type SignInInput, signInSchema } from '#core/contracts/account.ts';
import { users } from '#db/schema/accounts.ts';
import type { Services } from '../services/context.ts';
import { AppError } from '../services/errors.ts';
import { clearAttempts, takeAttempt } from '../services/rate-limit/take.ts';
import { signInAddressLimit, signInLimit, signInMailLimit } from './limits.ts';
import { checkPassword } from './passwords.ts';
import { createSession } from './session.ts';

/**
 * Checks mail and password and opens a session. The answer and its time are the same for an unknown mail and a wrong
 * password.
 * @throws AppError `unauthenticated`, `rate_limited`; ZodError on malformed input
 */
export async function signIn(
  services: Services,
  raw: SignInInput,
  ip: string,
): Promise<{ userId: string; token: string; expires: Date }> {
  const { db, now } = services;
  const { email, password } = signInSchema.parse(raw);
  await takeAttempt(db, signInLimit, [ip, email], now());
  await takeAttempt(db, signInMailLimit, [email], now());
  await takeAttempt(db, signInAddressLimit, [ip], now());
  const [user] = await db.select().from(users).where(eq(users.email, email));
  if (!(await checkPassword(user?.passwordHash, password)) || !user) {
    throw new AppError('unauthenticated', 'E-mail address or password is wrong.');
  }
  await clearAttempts(db, signInLimit, [ip, email]);
  return { userId: user.id, ...(await createSession(db, user.id, now())) };
}
