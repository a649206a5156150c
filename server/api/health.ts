/** Whether the web process can do its work. Says what fails, never how it is reached. */
import { sql } from 'drizzle-orm';
import type { Services } from '../services/context.ts';
import { webServices } from './services.ts';

export interface Health {
  readonly status: 'ok' | 'down';
  readonly checks: Readonly<Record<'database' | 'storage', { readonly ok: boolean; readonly ms: number }>>;
}

const patienceMs = 3000;

/** Asks the database and the blob store, each within three seconds. Never rejects. */
export async function checkHealth(): Promise<Health> {
  const [database, storage] = await Promise.all([
    check(({ db }) => db.execute(sql`select 1`)),
    check(({ blobs }) => blobs.exists('health')),
  ]);
  return { status: database.ok && storage.ok ? 'ok' : 'down', checks: { database, storage } };
}

async function check(ask: (services: Services) => Promise<unknown>): Promise<{ ok: boolean; ms: number }> {
  const started = performance.now();
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('no answer in time')), patienceMs);
  const answer = webServices().then(ask);
  try {
    await Promise.race([answer, late]);
    return { ok: true, ms: Math.round(performance.now() - started) };
  } catch {
    return { ok: false, ms: Math.round(performance.now() - started) };
  } finally {
    clearTimeout(timer);
    answer.catch(() => undefined);
  }
}
