/** What keeps trials honest when workers race, die or are told to stop: the rows alone decide. */
import { hostname } from 'node:os';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { searches, trials } from '#db/schema/searches.ts';
import { graceSeconds } from '#server/services/search/clock.ts';
import { claimTrial } from '#server/services/trial/claim.ts';
import { endTrial } from '#server/services/trial/end.ts';
import { beatTrial } from '#server/services/trial/heartbeat.ts';
import { handBackTrial } from '#server/services/trial/release.ts';
import { Watch } from '#workers/jobs/watch.ts';
import type { Worker } from '#workers/worker.ts';
import { owner, person } from './people.ts';
import { openTestServices, type TestServices } from './services.ts';
import { seedWorld, type World } from './world.ts';

let services: TestServices;
let world: World;
beforeAll(async () => {
  services = await openTestServices();
  const me = await owner(services, 'ann');
  const other = await person(services, 'bob');
  world = await seedWorld(services, { ...me, ownerId: me.id, memberId: other.id }, me.id);
}, 60_000);
afterAll(() => services?.close());

let number = 10;
async function queued(key = crypto.randomUUID()): Promise<string> {
  const [row] = await services.db
    .insert(trials)
    .values({
      searchId: world.searchId,
      number: ++number,
      key,
      role: 'search',
      origin: 'random',
      learner: 'linear',
      design: {},
      summary: '',
      seed: 1,
    })
    .returning();
  return row?.id ?? '';
}
const rowOf = async (id: string) => (await services.db.select().from(trials).where(eq(trials.id, id)))[0];
const claim = (trialId: string, worker: string) => claimTrial(services, { searchId: world.searchId, trialId, worker });
const end = (trialId: string, worker: string) =>
  endTrial(services, {
    searchId: world.searchId,
    trialId,
    worker,
    outcome: { state: 'failed', seconds: 1, error: 'no' },
  });

describe('of many workers', () => {
  test('exactly one gets a trial', async () => {
    const id = await queued();
    const claims = await Promise.all(Array.from({ length: 8 }, (_, i) => claim(id, `host:${i}`)));
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect((await rowOf(id))?.attempts).toBe(1);
  });

  test('only the one that has it can end it, and once', async () => {
    const id = await queued();
    await claim(id, 'a:1');
    expect(await end(id, 'b:2')).toBe(false);
    const both = await Promise.all([end(id, 'a:1'), end(id, 'a:1')]);
    expect(both.sort()).toEqual([false, true]);
  });

  test('none can train the same key twice in a search', async () => {
    const key = crypto.randomUUID();
    const id = await queued(key);
    await expect(queued(key)).rejects.toThrow();
    await claim(id, 'a:1');
    await end(id, 'a:1');
    // A failed trial gives its key back.
    expect(await queued(key)).not.toBe('');
  });
});

test('a heartbeat tells a worker that its trial is no longer its own', async () => {
  const id = await queued();
  await claim(id, 'a:1');
  expect(await beatTrial(services, { trialId: id, worker: 'a:1' })).toMatchObject({ mine: true, state: 'searching' });
  await handBackTrial(services, { searchId: world.searchId, trialId: id, worker: 'a:1' });
  expect(await beatTrial(services, { trialId: id, worker: 'a:1' })).toMatchObject({ mine: false });
  expect(await rowOf(id)).toMatchObject({ state: 'queued', attempts: 0, worker: null });
});

describe('the watch', () => {
  const watch = () => new Watch({ ...services, actor: { kind: 'system' } } as unknown as Worker);
  /** A process id that nobody has. */
  const dead = `${hostname()}:999999999:1`;

  test('requeues the trial of a dead worker once; the second death is the trial’s own', async () => {
    const id = await queued();
    await claim(id, dead);
    await watch().sweep();
    expect(await rowOf(id)).toMatchObject({ state: 'queued', attempts: 1 });
    await claim(id, dead);
    await watch().sweep();
    expect(await rowOf(id)).toMatchObject({ state: 'failed', attempts: 2 });
  });

  test('leaves a living worker alone until its heartbeat is ten seconds old', async () => {
    const id = await queued();
    await claim(id, 'elsewhere:1');
    await watch().sweep();
    expect(await rowOf(id)).toMatchObject({ state: 'running' });
    services.advance(11);
    await watch().sweep();
    expect(await rowOf(id)).toMatchObject({ state: 'queued' });
  });
});

test('time that is over ends no search without a finished trial: those in the queue are still given out', async () => {
  const { db } = services;
  await db.update(trials).set({ state: 'failed' }).where(eq(trials.searchId, world.searchId));
  await db.update(searches).set({ usedSeconds: 1e6 }).where(eq(searches.id, world.searchId));
  const [first, second] = [await queued(), await queued()];
  expect(await claim(first, 'a:1')).toMatchObject({ seconds: graceSeconds });
  await db.update(trials).set({ state: 'done', score: 0.5 }).where(eq(trials.id, first));
  expect(await claim(second, 'a:1')).toBeUndefined();
});
