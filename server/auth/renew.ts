import type { Actor, Services } from '../services/context.ts';
import type { Caller } from './actor.ts';
import { sessionCookie } from './cookies.ts';
import { renewSession } from './session.ts';

/** Prolongs a session in use, once a day. @returns the `Set-Cookie` value, or null where nothing changed */
export async function renewedCookie(
  { db, config, now }: Services,
  session: Caller['session'],
  actor: Actor,
): Promise<string | null> {
  if (!session || actor.kind !== 'user') return null;
  const expires = await renewSession(db, session.token, { userId: actor.userId, expires: session.expires }, now());
  return expires && sessionCookie(config, session.token, expires);
}
