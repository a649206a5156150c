/** What every service verb is handed: who acts, and the parts of the process it may use. */
import type { Logger } from 'pino';
import type { Database } from '#db/client.ts';
import type { Config } from '../config/index.ts';
import type { Queue } from '../queue/index.ts';
import type { BlobStore } from '../storage/index.ts';
import { AppError } from './errors.ts';

export type { Logger } from 'pino';

/** Roles an API key can carry; ownership stays with sessions. */
export type KeyRole = 'viewer' | 'editor' | 'admin';

export type UserActor = {
  readonly kind: 'user';
  readonly userId: string;
  readonly via: 'session' | 'key';
  /** Keys only: the one workspace it opens, its role there, and the key's id. */
  readonly keyWorkspaceId?: string;
  readonly keyRole?: KeyRole;
  readonly keyId?: string;
};

/** `system` is a worker acting for the product itself; `stranger` has shown nothing. */
export type Actor = UserActor | { readonly kind: 'system' } | { readonly kind: 'stranger' };

/** The parts of a process, opened once at its start. */
export interface Services {
  readonly db: Database;
  readonly config: Config;
  readonly blobs: BlobStore;
  readonly queue: Queue;
  readonly log: Logger;
  readonly now: () => Date;
}

export interface ServiceContext extends Services {
  readonly actor: Actor;
}

/**
 * The signed-in person behind a call.
 * @throws AppError `unauthenticated` for strangers and the system
 */
export function requireUser(ctx: Pick<ServiceContext, 'actor'>): UserActor {
  if (ctx.actor.kind !== 'user') throw new AppError('unauthenticated', 'Sign in first.');
  return ctx.actor;
}

/**
 * Like `requireUser`, but an API key is not enough: for the account itself and for what mints access.
 * @throws AppError `unauthenticated` or `forbidden`
 */
export function requireSession(ctx: Pick<ServiceContext, 'actor'>): UserActor {
  const actor = requireUser(ctx);
  if (actor.via !== 'session') throw new AppError('forbidden', 'An API key cannot do this; sign in.');
  return actor;
}
