'use client';
import type { PutAnswer } from './send-file.ts';

function readReceived(body: unknown): number | null {
  if (!body || typeof body !== 'object') return null;
  if ('received' in body && typeof body.received === 'number') return body.received;
  if ('error' in body && body.error && typeof body.error === 'object' && 'detail' in body.error) {
    return readReceived(body.error.detail);
  }
  return null;
}

function readMessage(body: unknown): string | null {
  if (!body || typeof body !== 'object' || !('error' in body)) return null;
  const { error } = body;
  return error && typeof error === 'object' && 'message' in error && typeof error.message === 'string'
    ? error.message
    : null;
}

/** PUTs one piece with progress; XMLHttpRequest, because fetch cannot report how much went out. */
export function putPiece(
  url: string,
  piece: Blob,
  progress: (sent: number) => void,
  signal: AbortSignal,
): Promise<PutAnswer> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    const done = (answer: PutAnswer) => {
      signal.removeEventListener('abort', abort);
      resolve(answer);
    };
    request.open('PUT', url);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.timeout = 300_000;
    request.upload.onprogress = (event) => progress(event.loaded);
    request.onerror = () => done({ kind: 'broken' });
    request.ontimeout = () => done({ kind: 'broken' });
    request.onabort = () => done({ kind: 'broken' });
    request.onload = () => {
      let body: unknown = null;
      try {
        body = JSON.parse(request.responseText);
      } catch {
        body = null;
      }
      const received = readReceived(body);
      const { status } = request;
      if (status >= 200 && status < 300 && received !== null) return done({ kind: 'ok', received });
      if ((status === 409 || status === 400) && received !== null) return done({ kind: 'moved', received });
      if (status >= 500 || status === 408 || status === 425 || status === 429 || status === 0)
        return done({ kind: 'broken' });
      done({ kind: 'refused', message: readMessage(body) ?? `The server answered ${status}.` });
    };
    signal.addEventListener('abort', abort);
    request.send(piece);
  });
}

/** Where the server stands with an upload; null when it cannot be reached. */
export async function askReceived(url: string): Promise<number | null> {
  try {
    const response = await fetch(url, { cache: 'no-store' });
    return response.ok ? readReceived(await response.json()) : null;
  } catch {
    return null;
  }
}
