/** What a lent tab fetches and sends: prepared data and trained models, streamed, never parsed in this process. */
import { Readable } from 'node:stream';
import { openLentData } from '../../services/lend/data.ts';
import { leaseSchema } from '../../services/lend/lease.ts';
import { submitLent } from '../../services/lend/submit.ts';
import { json, type RouteArguments } from '../http.ts';
import { bodyOf } from './body.ts';

/** `GET /api/lend/data/<search>` */
export async function streamLentData({ request, ctx, params }: RouteArguments<{ id: string }>): Promise<Response> {
  const data = await openLentData(ctx.service, { searchId: params.id });
  const headers = { etag: data.etag, 'cache-control': 'private, no-cache', vary: 'cookie, authorization' };
  if (request.headers.get('if-none-match') === data.etag) return new Response(null, { status: 304, headers });
  return new Response(Readable.toWeb(await data.open()) as ReadableStream<Uint8Array>, {
    headers: {
      ...headers,
      'content-type': 'application/octet-stream',
      'content-length': String(data.bytes),
      'x-content-type-options': 'nosniff',
    },
  });
}

/** `PUT /api/lend/model/<trial>?lease=<lease>` */
export async function putLentModel({ request, ctx, params }: RouteArguments<{ id: string }>): Promise<Response> {
  const lease = new URL(request.url).searchParams.get('lease');
  const { trialId, lease: held } = leaseSchema.parse({ trialId: params.id, lease });
  await submitLent(ctx.service, { trialId, lease: held, body: bodyOf(request) });
  return json({ ok: true }, 202);
}
