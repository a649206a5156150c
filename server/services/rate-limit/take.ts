/** Fixed-window rate limits, counted in the database so that every web process sees the same count. */
import { lt, sql } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import { rateLimits } from '#db/schema/accounts.ts';
import { AppError } from '../errors.ts';
import { hashToken } from '../tokens.ts';

export interface Limit {
  /** Names what is counted, e.g. `sign-in`. */
  readonly name: string;
  readonly max: number;
  readonly seconds: number;
}

/** Addresses of people stay out of the table: keys are hashed. */
const keyOf = (limit: Limit, parts: readonly string[]): string => `${limit.name}:${hashToken(parts.join('\n'))}`;

/**
 * Counts one attempt.
 * @param parts what the count is per, e.g. an address and a mail
 * @throws AppError `rate_limited` with `retryAfterSeconds` once more than `limit.max` came within the window
 */
export async function takeAttempt(db: Executor, limit: Limit, parts: readonly string[], now: Date): Promise<void> {
  const oldest = new Date(now.getTime() - limit.seconds * 1000);
  const expired = sql`${rateLimits.windowStart} <= ${oldest.toISOString()}::timestamptz`;
  const [row] = await db
    .insert(rateLimits)
    .values({ key: keyOf(limit, parts), windowStart: now, count: 1 })
    .onConflictDoUpdate({
      target: rateLimits.key,
      set: {
        count: sql`case when ${expired} then 1 else ${rateLimits.count} + 1 end`,
        windowStart: sql`case when ${expired} then ${now.toISOString()}::timestamptz else ${rateLimits.windowStart} end`,
      },
    })
    .returning();
  if (!row) return;
  if (row.count === 1) {
    await db.delete(rateLimits).where(lt(rateLimits.windowStart, new Date(now.getTime() - 24 * 3600 * 1000)));
  }
  if (row.count > limit.max) {
    const left = Math.ceil((row.windowStart.getTime() + limit.seconds * 1000 - now.getTime()) / 1000);
    const wait = left >= 90 ? `${Math.ceil(left / 60)} minutes` : `${left} seconds`;
    throw new AppError('rate_limited', `Too many attempts. Try again in ${wait}.`, { retryAfterSeconds: left });
  }
}

/** Forgets a count, e.g. after a sign-in that worked. */
export async function clearAttempts(db: Executor, limit: Limit, parts: readonly string[]): Promise<void> {
  await db.delete(rateLimits).where(sql`${rateLimits.key} = ${keyOf(limit, parts)}`);
}
