/** What all plain HTTP routes share: the caller, same-origin checks, JSON in and out, and one mapping of errors. */
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { isChanging } from '../auth/same-origin.ts';
import { AppError, httpStatus } from '../services/errors.ts';
import { type Context, createContext } from './context.ts';
import { faultMessage, findAppError } from './errors.ts';
import { webServices } from './services.ts';

export interface RouteArguments<P> {
  readonly request: Request;
  readonly ctx: Context;
  readonly params: P;
}

export { AppError } from '../services/errors.ts';

type Route<P> = (request: Request, route: { params: Promise<P> }) => Promise<Response>;

/**
 * Wraps a route handler. Errors come back as `{ error: { code, message, detail? } }`; unexpected ones are logged under
 * an id that the answer names, and say nothing else.
 * @param options `sameOrigin: 'always'` where even a caller without a cookie must not come from another site (sign-in)
 */
export function route<P = Record<string, never>>(
  work: (args: RouteArguments<P>) => Promise<Response>,
  options: { sameOrigin?: 'cookie' | 'always' } = {},
): Route<P> {
  return async (request, { params }) => {
    try {
      const ctx = await createContext(request.headers);
      const guarded = options.sameOrigin === 'always' || ctx.session !== null;
      if (guarded && isChanging(request.method) && !ctx.sameOrigin) {
        throw new AppError('forbidden', 'This request came from another site.');
      }
      return await work({ request, ctx, params: await params });
    } catch (error) {
      return errorResponse(error, request);
    }
  };
}

/** The one mapping of errors to an answer in JSON. */
export async function errorResponse(error: unknown, request: Request): Promise<Response> {
  const app = findAppError(error);
  if (app) {
    const retry = app.detail?.retryAfterSeconds;
    return json(
      { error: { code: app.code, message: app.message, ...(app.detail ? { detail: app.detail } : {}) } },
      httpStatus[app.code],
      typeof retry === 'number' ? { 'retry-after': String(retry) } : {},
    );
  }
  const id = randomUUID();
  const line = { err: error, id, method: request.method, path: new URL(request.url).pathname };
  const services = await webServices().catch(() => null);
  if (services) services.log.error(line, 'route failed');
  else console.error(line);
  return json({ error: { code: 'internal', message: faultMessage, detail: { id } } }, 500);
}

/** Answers are about one caller and must not be kept by anybody in between. */
export function json(data: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return Response.json(data, { status, headers: { 'cache-control': 'no-store', ...headers } });
}

/**
 * A body in memory, read no further than its limit.
 * @throws AppError `too_large`
 */
export async function readBody(request: Request, maxBytes: number): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += (chunk as Uint8Array).byteLength;
    if (bytes > maxBytes) throw new AppError('too_large', `The body may hold at most ${maxBytes} bytes.`);
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks);
}

/**
 * Reads and checks a JSON body.
 * @throws AppError `too_large` beyond `maxBytes`, `invalid` for what is no JSON; ZodError where it does not fit
 */
export async function readJson<T>(request: Request, schema: z.ZodType<T>, maxBytes = 64 * 1024): Promise<T> {
  const body = await readBody(request, maxBytes);
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw new AppError('invalid', 'The body is not JSON.');
  }
  return schema.parse(value);
}

/**
 * A `Content-Disposition` value for a download (RFC 6266): whatever the name holds, it cannot break the header.
 */
export function attachment(fileName: string): string {
  const plain = fileName.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(fileName.toWellFormed()).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
