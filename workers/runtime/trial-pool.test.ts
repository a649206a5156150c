/** The pool's promises, kept against real child processes. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TrialPool } from './trial-pool.ts';
import type { ProbeInput } from './trial-probe.ts';

let pool: TrialPool;
beforeAll(() => {
  pool = new TrialPool({ size: 2, megabytes: 400 });
});
afterAll(() => pool.close());

const probe = (input: ProbeInput, options: { seconds?: number; graceMs?: number; signal?: AbortSignal } = {}) =>
  pool.run<unknown>('probe', input, { deadline: Date.now() + 1000 * (options.seconds ?? 20), ...options });

test('runs tasks in warm processes that are reused', async () => {
  const pids = new Set<number>();
  for (let i = 0; i < 4; i++) {
    const outcome = await probe({ do: 'echo', value: i });
    if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
    const { value, pid } = outcome.value as { value: number; pid: number };
    expect(value).toBe(i);
    pids.add(pid);
  }
  expect(pids.size).toBeLessThanOrEqual(2);
  expect(pids.has(process.pid)).toBe(false);
});

test('an error and a crash are outcomes, and the slot works again', async () => {
  expect(await probe({ do: 'throw', message: 'no such column' })).toMatchObject({
    kind: 'failed',
    error: 'no such column',
    name: 'RangeError',
  });
  expect(await probe({ do: 'exit', code: 3 })).toMatchObject({ kind: 'failed', error: expect.stringContaining('3') });
  expect(await probe({ do: 'echo', value: 1 })).toMatchObject({ kind: 'done' });
});

test('a child that died at work is replaced before the next task comes', async () => {
  const children = () => process.getActiveResourcesInfo().filter((name) => name === 'ProcessWrap').length;
  const before = children();
  const one = new TrialPool({ size: 1, megabytes: 400 });
  expect(await one.run('probe', { do: 'exit', code: 3 }, { deadline: Date.now() + 20_000 })).toMatchObject({
    kind: 'failed',
  });
  await expect.poll(children, { timeout: 10_000 }).toBe(before);
  await expect.poll(children, { timeout: 10_000 }).toBe(before + 1);
  one.close();
  await expect.poll(children, { timeout: 10_000 }).toBe(before);
});

test('a task past its deadline is stopped, and killed when it does not listen', async () => {
  expect(await probe({ do: 'wait', ms: 10_000 }, { seconds: 0.2 })).toMatchObject({ kind: 'timed_out' });
  const begin = Date.now();
  expect(await probe({ do: 'hang', ms: 20_000 }, { seconds: 0.2, graceMs: 300 })).toMatchObject({ kind: 'timed_out' });
  // Far from the 20 s that the task would hang.
  expect(Date.now() - begin).toBeLessThan(15_000);
});

test('memory outside the JavaScript heap counts against the cap', async () => {
  const outcome = await probe({ do: 'fill', megabytes: 2000 });
  expect(outcome.kind).toBe('out_of_memory');
  expect(outcome.peakMegabytes).toBeGreaterThan(300);
  expect(await probe({ do: 'echo', value: 1 })).toMatchObject({ kind: 'done' });
});

test('a cancelled task ends at once', async () => {
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 100);
  const begin = Date.now();
  expect(await probe({ do: 'wait', ms: 10_000 }, { signal: abort.signal })).toMatchObject({ kind: 'cancelled' });
  expect(Date.now() - begin).toBeLessThan(8000);
});
