/** Every procedure over HTTP: batches as JSON, subscriptions as server-sent events. */
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { createContext } from '#server/api/context.ts';
import { appRouter } from '#server/api/root.ts';
import { renewedCookie } from '#server/auth/renew.ts';

export const dynamic = 'force-dynamic';

function handler(request: Request): Promise<Response> {
  let cookie: string | null = null;
  return fetchRequestHandler({
    endpoint: '/api/trpc',
    req: request,
    router: appRouter,
    async createContext() {
      const ctx = await createContext(request.headers);
      cookie = await renewedCookie(ctx.service, ctx.session, ctx.service.actor);
      return ctx;
    },
    responseMeta: () => ({
      headers: new Headers({ 'cache-control': 'no-store, no-transform', ...(cookie ? { 'set-cookie': cookie } : {}) }),
    }),
  });
}

export { handler as GET, handler as POST };
