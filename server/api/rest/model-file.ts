/** Streams a file of a model. */
import { Readable } from 'node:stream';
import { openModelFile } from '../../services/model/file.ts';
import { attachment, type RouteArguments } from '../http.ts';

export async function streamModelFile({
  request,
  ctx,
  params,
}: RouteArguments<{ id: string; file: string }>): Promise<Response> {
  const download = await openModelFile(ctx.service, params);
  const headers = { etag: download.etag, 'cache-control': 'private, no-cache', vary: 'cookie, authorization' };
  const known = request.headers.get('if-none-match')?.split(/\s*,\s*/) ?? [];
  if (known.some((tag) => tag.replace(/^W\//, '') === download.etag))
    return new Response(null, { status: 304, headers });
  const body = await download.open();
  const stream =
    body instanceof Readable ? (Readable.toWeb(body) as ReadableStream<Uint8Array>) : new Blob([body.slice()]);
  return new Response(stream, {
    headers: {
      ...headers,
      'content-type': download.contentType,
      'content-length': String(download.bytes),
      'content-disposition': attachment(download.fileName),
      'x-content-type-options': 'nosniff',
    },
  });
}
