/** OAuth and mail links: Auth.js's own routes. */

import { NextRequest } from 'next/server';
import NextAuth from 'next-auth';
import { webServices } from '#server/api/services.ts';
import { authConfig } from '#server/auth/authjs.ts';

export const dynamic = 'force-dynamic';

/** Links and callbacks are built from the address we know, never from a `Host` header that anybody can send. */
async function handler(request: NextRequest): Promise<Response> {
  const services = await webServices();
  const { pathname, search } = new URL(request.url);
  const url = new URL(pathname + search, services.config.publicUrl);
  const { handlers } = NextAuth(authConfig(services));
  const known = new NextRequest(url, request);
  return request.method === 'POST' ? handlers.POST(known) : handlers.GET(known);
}

export { handler as GET, handler as POST };
