/** A file of our own origin, with its progress. */

/**
 * @param what names it in the error: `The model file`
 * @param progress bytes so far, and in all where the server says
 * @throws Error with the server's own words where it has some
 */
export async function download(
  url: string,
  what: string,
  progress: (done: number, total: number) => void,
): Promise<Uint8Array> {
  const response = await fetch(url, { credentials: 'same-origin' });
  if (!response.ok || !response.body) {
    const { error }: { error?: { message?: string } } = await response.json().catch(() => ({}));
    throw new Error(error?.message ?? `${what} could not be fetched (${response.status}).`);
  }
  const total = Number(response.headers.get('content-length') ?? 0);
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    parts.push(value);
    size += value.length;
    progress(size, Math.max(total, size));
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
