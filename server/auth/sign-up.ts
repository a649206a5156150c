import { type SignUpInput, signUpSchema } from '#core/contracts/account.ts';
import { users } from '#db/schema/accounts.ts';
import { createHome } from '../services/account/create-home.ts';
import { welcome } from '../services/account/welcome.ts';
import type { Services } from '../services/context.ts';
import { AppError } from '../services/errors.ts';
import { takeAttempt } from '../services/rate-limit/take.ts';
import { signUpLimit } from './limits.ts';
import { hashPassword } from './passwords.ts';
import { createSession } from './session.ts';

/**
 * Makes an account with a workspace, a first project and a sample table in it, and opens a session.
 * @param ip the client's address, for the rate limit
 * @throws AppError `conflict` where the mail has an account, `rate_limited`; ZodError on malformed input
 */
export async function signUp(
  services: Services,
  raw: SignUpInput,
  ip: string,
): Promise<{ userId: string; token: string; expires: Date }> {
  await takeAttempt(services.db, signUpLimit, [ip], services.now());
  const input = signUpSchema.parse(raw);
  const passwordHash = await hashPassword(input.password);
  const made = await services.db.transaction(async (tx) => {
    const [user] = await tx
      .insert(users)
      .values({ email: input.email, name: input.name ?? null, passwordHash })
      .onConflictDoNothing()
      .returning();
    if (!user) throw new AppError('conflict', 'There is an account for this e-mail address already. Sign in instead.');
    const projectId = await createHome(tx, user, services.now);
    return { userId: user.id, projectId, ...(await createSession(tx, user.id, services.now())) };
  });
  if (made.projectId) await welcome(services, made.userId, made.projectId);
  return { userId: made.userId, token: made.token, expires: made.expires };
}
