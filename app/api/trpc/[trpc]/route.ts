/** Every procedure over HTTP: batches as JSON, subscriptions as server-sent events. */
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { createContext } from '#server/api/context.ts';
import { errorResponse, readBody } from '#server/api/http.ts';
import { appRouter } from '#server/api/root.ts';
import { renewedCookie } from '#server/auth/renew.ts';

export const dynamic = 'force-dynamic';

/** Room for the raw outputs that a browser check posts. */
const maxBodyBytes = 32 * 1024 * 1024;

function answer(request: Request): Promise<Response> {
  let cookie: string | null = null;
  return fetchRequestHandler({
    endpoint: '/api/trpc',
    req: request,
    router: appRouter,
    maxBatchSize: 100,
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

export { answer as GET };

export async function POST(request: Request): Promise<Response> {
  try {
    const { url, method, headers, signal } = request;
    const body = await readBody(request, maxBodyBytes);
    return await answer(new Request(url, { method, headers, signal, body }));
  } catch (error) {
    return errorResponse(error, request);
  }
}
