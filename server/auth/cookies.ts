/** The session cookie, named and flagged as Auth.js does it, so that both ways of signing in share one session. */
import type { Config } from '../config/index.ts';

/** Secure cookies exactly when people reach the product over https. */
export const usesSecureCookies = (config: Pick<Config, 'publicUrl'>): boolean => config.publicUrl.startsWith('https:');

/** Auth.js's name: `__Secure-` in front over https. */
export const sessionCookieName = (config: Pick<Config, 'publicUrl'>): string =>
  `${usesSecureCookies(config) ? '__Secure-' : ''}authjs.session-token`;

/** @returns the value of one cookie in a `Cookie` header, or undefined */
export function readCookie(header: string | null, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

/** A `Set-Cookie` value that starts a session in the browser. */
export function sessionCookie(config: Pick<Config, 'publicUrl'>, token: string, expires: Date): string {
  const secure = usesSecureCookies(config) ? '; Secure' : '';
  return `${sessionCookieName(config)}=${token}; Path=/; Expires=${expires.toUTCString()}; HttpOnly; SameSite=Lax${secure}`;
}

/** A `Set-Cookie` value that ends it. */
export const clearedSessionCookie = (config: Pick<Config, 'publicUrl'>): string =>
  sessionCookie(config, '', new Date(0));
