'use client';
import { routes } from './routes.ts';

/** Ends the session and leaves by a full page load, so that nothing of it stays in memory. */
export async function signOut(): Promise<void> {
  await fetch('/api/auth/password/sign-out', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  window.location.assign(routes.signIn());
}
