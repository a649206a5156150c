/** tRPC set-up: context, errors, and the procedures that routers build on. */
import { initTRPC, TRPCError } from '@trpc/server';
import superjson from 'superjson';
import { requireSession, requireUser } from '../services/context.ts';
import type { Scope } from '../services/scopes.ts';
import type { Context } from './context.ts';
import { findAppError, toTrpcError } from './errors.ts';

/**
 * Who may call a procedure. The walk in tests/db/stranger.test.ts reads it and checks that the verb behind it agrees:
 * a scope of the table, `self` (anybody signed in, about what is theirs), `session` (the same, but no API key),
 * or `public`.
 */
export interface Meta {
  readonly access: Scope | 'self' | 'session' | 'public';
}

const t = initTRPC
  .context<Context>()
  .meta<Meta>()
  .create({
    transformer: superjson,
    isDev: false,
    sse: { ping: { enabled: true, intervalMs: 15_000 }, client: { reconnectAfterInactivityMs: 45_000 } },
    errorFormatter({ shape, error }) {
      const safe = toTrpcError(error);
      const app = findAppError(error);
      const { stack: _, ...data } = shape.data;
      return {
        ...shape,
        message: safe.message,
        data: { ...data, app: app && { code: app.code, detail: app.detail ?? null } },
      };
    },
  });

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;

const base = t.procedure.use(async ({ ctx, path, type, next }) => {
  const { actor, log } = ctx.service;
  if (type === 'mutation' && actor.kind === 'user' && actor.via === 'session' && !ctx.sameOrigin) {
    throw new TRPCError({ code: 'FORBIDDEN', message: 'This request came from another site.' });
  }
  const started = performance.now();
  const result = await next();
  const error = result.ok ? null : toTrpcError(result.error);
  const line = { path, type, ms: Math.round(performance.now() - started), code: error?.code ?? 'OK' };
  if (error?.code === 'INTERNAL_SERVER_ERROR') log.error({ ...line, err: error.cause }, 'procedure failed');
  else log.info(line, 'procedure');
  if (error) throw error;
  return result;
});

const signedIn = base.use(({ ctx, next }) => {
  requireUser(ctx.service);
  return next();
});

/** Anybody, signed in or not. */
export const publicProcedure = base.meta({ access: 'public' });

/** Anybody signed in, about what is theirs; the verb narrows it to the caller. */
export const selfProcedure = signedIn.meta({ access: 'self' });

/** The same, for what an API key must not do. */
export const sessionProcedure = base.meta({ access: 'session' }).use(({ ctx, next }) => {
  requireSession(ctx.service);
  return next();
});

/**
 * A procedure about one thing. Strangers are refused before the input is read; the verb behind it checks the scope
 * against the thing itself.
 */
export const scopedProcedure = (scope: Scope) => signedIn.meta({ access: scope });
