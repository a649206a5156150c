/** Sends every page with a content security policy of its own nonce. */
import { type NextRequest, NextResponse } from 'next/server';

function policy(nonce: string, https: boolean, embeddable: boolean): string {
  // React's development build evaluates strings to rebuild stacks; the production build never does.
  const development = process.env.NODE_ENV === 'development' ? " 'unsafe-eval'" : '';
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'wasm-unsafe-eval'${development}`,
    `style-src 'self' 'nonce-${nonce}'`,
    // Positions of virtual rows and charts are style attributes.
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' blob: data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    // Browsers apply this to the redirect after a form too: the buttons of OAuth lead there.
    "form-action 'self' https://github.com https://accounts.google.com",
    `frame-ancestors ${embeddable ? '*' : "'none'"}`,
    ...(https ? ['upgrade-insecure-requests'] : []),
  ].join('; ');
}

export function proxy(request: NextRequest): NextResponse {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64');
  const forwarded = request.headers.get('x-forwarded-proto')?.split(',')[0]?.trim();
  const https = (forwarded ?? request.nextUrl.protocol.replace(':', '')) === 'https';
  const embeddable = /^\/embed(\/|$)/.test(request.nextUrl.pathname);
  const value = policy(nonce, https, embeddable);
  // Next reads the nonce from the request's policy and puts it on its own scripts; pages read `x-nonce`.
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  // Where to come back to after signing in.
  headers.set('x-path', request.nextUrl.pathname + request.nextUrl.search);
  headers.set('content-security-policy', value);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', value);
  if (https) response.headers.set('strict-transport-security', 'max-age=31536000; includeSubDomains');
  return response;
}

// API routes stay out: the proxy buffers bodies, and uploads stream.
export const config = { matcher: ['/((?!api/|_next/|ort/).*)'] };
