/** Survives a restart of the database: what was computed is stored once it is back. */
import { isAppError } from '#server/services/errors.ts';
import type { Worker } from '../worker.ts';

/** SQLSTATE classes of a server that goes away or is not back yet: connection, operator intervention, system errors. */
const transientClasses = new Set(['08', '57', '58', '53']);
const transientCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', '40001', '40P01']);

/** Whether trying again later may help. */
export function isTransient(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (isAppError(at)) return false;
    const code = (at as { code?: unknown }).code;
    if (typeof code === 'string' && (transientCodes.has(code) || transientClasses.has(code.slice(0, 2)))) return true;
    if (/connection (terminated|timeout)|timeout exceeded when trying to connect|ended/i.test(at.message)) return true;
    if (at instanceof AggregateError && at.errors.some(isTransient)) return true;
  }
  return false;
}

/**
 * Runs `work`, again after a pause while the database is away, for up to `seconds`.
 * @throws the last error
 */
export async function patiently<T>(worker: Pick<Worker, 'log'>, work: () => Promise<T>, seconds = 90): Promise<T> {
  for (let wait = 100, end = Date.now() + seconds * 1000; ; wait = Math.min(2000, wait * 2)) {
    try {
      return await work();
    } catch (error) {
      if (!isTransient(error) || Date.now() > end) throw error;
      worker.log.warn({ err: error }, 'the database is away; trying again');
      await new Promise((done) => setTimeout(done, wait));
    }
  }
}
