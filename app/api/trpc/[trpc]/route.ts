/** Every procedure over HTTP: batches as JSON, subscriptions as server-sent events. */
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { createContext } from '#server/api/context.ts';
import { appRouter } from '#server/api/root.ts';

export const dynamic = 'force-dynamic';

function handler(request: Request): Promise<Response> {
  return fetchRequestHandler({
    endpoint: '/api/trpc',
    req: request,
    router: appRouter,
    createContext: () => createContext(request.headers),
    responseMeta: () => ({ headers: new Headers({ 'cache-control': 'no-store, no-transform' }) }),
  });
}

export { handler as GET, handler as POST };
