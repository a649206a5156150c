/** What a request is answered with: the process's services, who calls, and from where. */
import { type Caller, readCaller } from '../auth/actor.ts';
import { isSameOrigin } from '../auth/same-origin.ts';
import type { ServiceContext, Services } from '../services/context.ts';
import { webServices } from './services.ts';

export interface Context {
  /** Handed to service verbs as it is. */
  readonly service: ServiceContext;
  readonly session: Caller['session'];
  /** Address of the client, for rate limits; empty when unknown. */
  readonly ip: string;
  /** False when another site made the browser send this. */
  readonly sameOrigin: boolean;
}

/** The client's address as the nearest proxy, or the server itself, noted it. */
export const clientAddress = (headers: Headers): string => headers.get('x-forwarded-for')?.split(',')[0]?.trim() ?? '';

/**
 * @param headers of the request; in server components `await headers()`
 * @param services left out in the web process, which opens its own once; tests hand in theirs
 */
export async function createContext(headers: Headers, services?: Services): Promise<Context> {
  const parts = services ?? (await webServices());
  const { actor, session } = await readCaller(parts, headers);
  return {
    service: { ...parts, actor },
    session,
    ip: clientAddress(headers),
    sameOrigin: isSameOrigin(headers, parts.config.publicUrl),
  };
}
