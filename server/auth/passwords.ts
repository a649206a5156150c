/** Passwords by argon2id with the parameters OWASP names (19 MiB, 2 passes, 1 lane), the library's defaults. */
import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

export const hashPassword = (password: string): Promise<string> => hash(password);

let decoy: Promise<string> | undefined;

/**
 * Takes the same time whether the account is there or not: without a hash it checks against a decoy and says no.
 * @param stored the account's hash; null or undefined where there is no account or no password
 */
export async function checkPassword(stored: string | null | undefined, password: string): Promise<boolean> {
  decoy ??= hash(randomBytes(32));
  const matches = await verify(stored ?? (await decoy), password);
  return matches && stored != null;
}
