/** Many workspaces on the same workers: each has its turn, and none more at once than its quota. */
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { searches, trials } from '#db/schema/searches.ts';
import { workspaces } from '#db/schema/workspaces.ts';
import { startSearch } from '#server/services/search/start.ts';
import { claimTrial } from '#server/services/trial/claim.ts';
import { endTrial } from '#server/services/trial/end.ts';
import { nextQueuedTrial } from '#server/services/trial/next.ts';
import { tabOwner } from '#server/services/trial/owner.ts';
import { owner, type Person } from './people.ts';
import { openTestServices, type TestServices } from './services.ts';
import { seedWorld, type World } from './world.ts';

let services: TestServices;
let me: Person;
let mine: World;
let yours: World;
beforeEach(async () => {
  services = await openTestServices();
  const ann = await owner(services, 'ann');
  const bob = await owner(services, 'bob');
  me = ann;
  mine = await seedWorld(services, { ...ann, ownerId: ann.id, memberId: bob.id }, ann.id);
  yours = await seedWorld(services, { ...bob, ownerId: bob.id, memberId: ann.id }, bob.id);
}, 60_000);
afterEach(() => services?.close());

async function queue(searchId: string, count: number): Promise<void> {
  const base = { searchId, role: 'search', origin: 'random', learner: 'linear', design: {}, summary: '' } as const;
  for (let i = 0; i < count; i++)
    await services.db.insert(trials).values({ ...base, number: 100 + i, key: crypto.randomUUID(), seed: 1 });
}

/** Another live search in the workspace of `world`. */
async function another(world: World): Promise<string> {
  const [found] = await services.db.select().from(searches).where(eq(searches.id, world.searchId));
  if (!found) throw new Error('no search');
  const [made] = await services.db
    .insert(searches)
    .values({ ...found, id: crypto.randomUUID(), number: 2, lastEvent: 0 })
    .returning();
  return made?.id ?? '';
}

let workers = 0;
/** What a free worker does: takes the next trial. */
async function take() {
  const next = await nextQueuedTrial(services);
  if (!next) return;
  const worker = `host:1:${++workers}`;
  const claimed = await claimTrial(services, { ...next, worker });
  return claimed && { ...next, worker };
}

test('one worker serves workspaces in turn, however many searches one of them has', async () => {
  await queue(mine.searchId, 6);
  await queue(await another(mine), 6);
  await queue(yours.searchId, 3);
  const served: string[] = [];
  for (let i = 0; i < 6; i++) {
    const taken = await take();
    if (!taken) throw new Error('nothing was taken');
    served.push(taken.searchId === yours.searchId ? 'yours' : 'mine');
    services.advance(0.2);
    await endTrial(services, { ...taken, outcome: { state: 'failed', seconds: 1, error: 'no' } });
  }
  expect(served.filter((whose) => whose === 'yours')).toHaveLength(3);
  expect(served.slice(0, 2).toSorted()).toEqual(['mine', 'yours']);
});

test('a workspace runs no more at once than its quota, also when workers race; others go on', async () => {
  await services.db.update(workspaces).set({ maxConcurrentTrials: 2 }).where(eq(workspaces.id, mine.workspaceId));
  await queue(mine.searchId, 8);
  const waiting = await services.db.select().from(trials).where(eq(trials.searchId, mine.searchId));
  const queued = waiting.filter(({ state }) => state === 'queued');
  // A tab that somebody lends is no worker of ours and takes no place.
  await services.db
    .update(trials)
    .set({ state: 'running', worker: tabOwner(me.id, 'lease') })
    .where(eq(trials.id, queued[0]?.id ?? ''));
  const claims = await Promise.all(
    queued
      .slice(1)
      .map(({ id }, i) => claimTrial(services, { searchId: mine.searchId, trialId: id, worker: `host:2:${i}` })),
  );
  expect(claims.filter(Boolean)).toHaveLength(2);
  expect(await nextQueuedTrial(services)).toBeUndefined();
  await queue(yours.searchId, 1);
  expect(await take()).toMatchObject({ searchId: yours.searchId });
  const [held] = claims.filter((claim) => claim !== undefined);
  await endTrial(services, {
    searchId: mine.searchId,
    trialId: held?.trial.id ?? '',
    worker: held?.trial.worker ?? '',
    outcome: { state: 'failed', seconds: 1, error: 'no' },
  });
  expect(await take()).toMatchObject({ searchId: mine.searchId });
});

test('a workspace has so many searches under way, and is told what to do about one more', async () => {
  const few = {
    ...me.ctx.service,
    config: { ...services.config, limits: { ...services.config.limits, workspaceSearches: 2 } },
  };
  const request = {
    datasetVersionId: mine.versionId,
    target: 'good',
    kind: 'classification',
    metric: 'roc_auc',
    budgetSeconds: 60,
  } as const;
  const started = await Promise.allSettled([startSearch(few, request), startSearch(few, request)]);
  expect(started.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  await expect(startSearch(few, request)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('2 searches under way'),
  });
  await services.db.update(searches).set({ state: 'paused' }).where(eq(searches.id, mine.searchId));
  await expect(startSearch(few, request)).resolves.toMatchObject({ number: expect.any(Number) });
});
