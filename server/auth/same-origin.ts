/** Refuses changes that another site makes a browser send along with our cookie. */

const changing = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

export const isChanging = (method: string): boolean => changing.has(method.toUpperCase());

/**
 * True unless the browser says that another origin made this request. Every browser sends `Origin` with changing
 * requests; where both headers are absent no browser is involved, and nobody can ride on its cookies.
 * @param publicUrl the address people use; behind a proxy it may differ from the `Host` header
 */
export function isSameOrigin(headers: Headers, publicUrl: string): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin' && site !== 'none') return false;
  const origin = headers.get('origin');
  if (origin === null) return true;
  if (origin === new URL(publicUrl).origin) return true;
  return URL.canParse(origin) && new URL(origin).host === headers.get('host');
}
