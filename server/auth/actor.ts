/** Who is behind a request: an API key in `Authorization`, a session cookie, or nobody. */
import { and, eq, gt, isNull, or } from 'drizzle-orm';
import { apiKeys } from '#db/schema/accounts.ts';
import type { Actor, Services } from '../services/context.ts';
import { hashToken } from '../services/tokens.ts';
import { readCookie, sessionCookieName } from './cookies.ts';
import { readSession } from './session.ts';

export interface Caller {
  readonly actor: Actor;
  /** The session's token and end, where a cookie opened it. */
  readonly session: { readonly token: string; readonly expires: Date } | null;
}

const stranger: Caller = { actor: { kind: 'stranger' }, session: null };

/** A key that is sent but does not hold makes a stranger, whatever cookie comes with it. */
export async function readCaller(services: Services, headers: Headers): Promise<Caller> {
  const authorization = headers.get('authorization');
  const key = authorization && /^bearer\s+(ws_[\w-]+)$/i.exec(authorization)?.[1];
  if (key) return readKey(services, key);
  if (authorization) return stranger;
  const token = readCookie(headers.get('cookie'), sessionCookieName(services.config));
  if (!token) return stranger;
  const session = await readSession(services.db, token, services.now());
  if (!session) return stranger;
  return {
    actor: { kind: 'user', userId: session.userId, via: 'session' },
    session: { token, expires: session.expires },
  };
}

async function readKey({ db, now }: Services, key: string): Promise<Caller> {
  const at = now();
  const [row] = await db
    .select()
    .from(apiKeys)
    .where(
      and(
        eq(apiKeys.hash, hashToken(key)),
        isNull(apiKeys.revokedAt),
        or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, at)),
      ),
    );
  if (!row) return stranger;
  // Once a minute is exact enough for people and spares a write per request.
  if (!row.lastUsedAt || at.getTime() - row.lastUsedAt.getTime() > 60_000) {
    await db.update(apiKeys).set({ lastUsedAt: at }).where(eq(apiKeys.id, row.id));
  }
  return {
    actor: {
      kind: 'user',
      userId: row.userId,
      via: 'key',
      keyId: row.id,
      keyWorkspaceId: row.workspaceId,
      keyRole: row.role,
    },
    session: null,
  };
}
