/** A download as an HTTP answer: streamed, and not sent again to who has it. */
import { Readable } from 'node:stream';
import type { Download } from '../../services/model/file.ts';
import { attachment } from '../http.ts';

export async function sendDownload(request: Request, download: Download): Promise<Response> {
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
