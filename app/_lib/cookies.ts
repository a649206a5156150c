/** Names of the cookies that remember how the interface was left; none of them identifies anybody. */
export const workspaceCookie = 'workspace';
export const railCookie = 'rail';
export { themeCookie } from './theme.ts';

/** Keeps a choice for a year. Browser only. */
export function rememberChoice(name: string, value: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every supported browser
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=31536000; samesite=lax`;
}
