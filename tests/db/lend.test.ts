/** A tab as a worker: it keeps every worker's rules, and nothing it sends counts before the server has judged it. */
import { Readable } from 'node:stream';
import { and, eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { lentLearners, trainTrial } from '#app/_browser/train-trial.ts';
import { unpackBag } from '#core/learners/packed-bag.ts';
import { pack, unpack } from '#core/math/pack.ts';
import { unpackPrepared } from '#core/tasks/prepared-task.ts';
import { auditLog } from '#db/schema/accounts.ts';
import { datasetVersions } from '#db/schema/datasets.ts';
import { events, searches, trials } from '#db/schema/searches.ts';
import { memberships } from '#db/schema/workspaces.ts';
import { createDataset } from '#server/services/dataset/create.ts';
import { type LentTrial, mostTabs } from '#server/services/lend/claim.ts';
import { openLentData } from '#server/services/lend/data.ts';
import { mostBytes, submitLent } from '#server/services/lend/submit.ts';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { owner, type Person, person } from './people.ts';
import { openTestServices, type TestServices } from './services.ts';
import { classTable } from './table.ts';
import { startTestWorker, type TestWorker, until } from './worker.ts';

let services: TestServices;
let worker: TestWorker;
let me: Awaited<ReturnType<typeof owner>>;
let other: Person;
let searchId = '';
let versionId = '';

beforeAll(async () => {
  services = await openTestServices();
  // Prepares, steps and judges, and leaves the trials to tabs.
  worker = await startTestWorker(services, { trains: false });
  me = await owner(services, 'ann');
  other = await person(services, 'bob');
  await services.db
    .insert(memberships)
    .values({ userId: other.id, workspaceId: me.workspaceId, projectId: null, role: 'editor' });
  const body = Readable.from([Buffer.from(classTable(300))]);
  const made = await createDataset(me.ctx.service, { projectId: me.projectId, fileName: 'people.csv', body });
  versionId = made.versionId;
  await until(async () => {
    const [row] = await services.db.select().from(datasetVersions).where(eq(datasetVersions.id, versionId));
    return row?.state === 'ready';
  });
}, 120_000);
afterAll(async () => {
  await worker?.stop();
  await services?.close();
});

/** Each test has a search of its own, with trials waiting. */
beforeEach(async () => {
  const started = await me.call.search.start({
    datasetVersionId: versionId,
    target: 'left',
    kind: 'classification',
    metric: 'roc_auc',
    budgetSeconds: 300,
    reuse: false,
  });
  searchId = started.searchId;
  await until(async () => {
    const waiting = await services.db
      .select()
      .from(trials)
      .where(and(eq(trials.searchId, searchId), eq(trials.state, 'queued')));
    return waiting.length > 2;
  });
});

afterEach(async () => {
  const { state } = await me.call.search.get({ id: searchId });
  if (state !== 'cancelled') await me.call.search.cancel({ id: searchId });
});

const device = 'Chrome 156 · wasm, 2 threads';
const rowOf = async (id: string) => (await services.db.select().from(trials).where(eq(trials.id, id)))[0];
const held = ({ trialId, lease }: LentTrial) => ({ trialId, lease });

async function claim(who: Person = me, learners: readonly string[] = lentLearners): Promise<LentTrial> {
  const claimed = await who.call.lend.claim({ searchId, device, learners: [...learners] });
  if (claimed.kind !== 'trial') throw new Error(claimed.why);
  return claimed.trial;
}

/** What a tab does between the claim and the answer. */
async function train(trial: LentTrial): Promise<Uint8Array> {
  const data = await openLentData(me.ctx.service, { searchId });
  const parts: Buffer[] = [];
  for await (const part of await data.open()) parts.push(part as Buffer);
  const prepared = unpackPrepared(new Uint8Array(Buffer.concat(parts)));
  const beating = setInterval(() => void me.call.lend.beat(held(trial)).catch(() => undefined), 2000);
  try {
    return await trainTrial({ ...trial, seconds: Math.min(trial.seconds, 15) }, prepared, nodeRuntime, {
      cancelled: () => false,
      breathe: () => new Promise((done) => setImmediate(done)),
      now: () => performance.now() / 1000,
    });
  } finally {
    clearInterval(beating);
  }
}

const submit = (trial: LentTrial, bytes: Uint8Array, who: Person = me) =>
  submitLent(who.ctx.service, { ...held(trial), body: Readable.from([bytes]) });

const outcome = (trial: LentTrial) =>
  until(async () => {
    const answer = await me.call.lend.outcome(held(trial));
    return answer.state !== 'judging' && answer;
  }, 40);

const posted = async () => {
  const left: string[] = [];
  for (const row of await services.db.select().from(trials).where(eq(trials.searchId, searchId)))
    if (row.artifactKey) left.push(row.artifactKey);
  return left;
};

describe('a model from a tab', () => {
  test.each(['linear', 'boosting', 'mlp'])('of %s counts with the score that the server gives it', async (learner) => {
    const trial = await until(async () => {
      const claimed = await me.call.lend.claim({ searchId, device, learners: [learner] });
      return claimed.kind === 'trial' && claimed.trial;
    });
    expect(await rowOf(trial.trialId)).toMatchObject({ state: 'running', attempts: 1, device: `tab ${device}` });
    const bytes = await train(trial);
    await submit(trial, bytes);
    const [sent] = await posted();
    expect(sent).toContain(`${trial.trialId}.`);
    expect(await outcome(trial)).toEqual(expect.objectContaining({ state: 'kept' }));
    const row = await rowOf(trial.trialId);
    expect(row).toMatchObject({ state: 'done', device: `tab ${device}`, error: null });
    expect(row?.score).toBeGreaterThan(0.6);
    const [view] = (await me.call.search.trials({ id: searchId })).filter(({ id }) => id === trial.trialId);
    expect(view).toMatchObject({ tab: true, device: `tab ${device}`, origin: row?.origin });
    // What is stored is the server's own artifact; what was sent is gone.
    expect(row?.artifactKey).toBe(`searches/${searchId}/trials/${trial.trialId}.bin`);
    await until(async () => !(await services.blobs.exists(sent ?? '')));
    const stored = unpackBag(await services.blobs.get(row?.artifactKey ?? ''));
    expect(stored.models).toHaveLength(unpackBag(bytes).models.length);
    const log = await me.call.audit.list({ projectId: me.projectId });
    expect(log.rows.filter(({ subject }) => subject === `trial:${trial.trialId}`)).toHaveLength(2);
  });

  test('that was tampered with is refused in a plain line, and the trial goes to a worker', async () => {
    const trial = await claim(me, ['linear', 'boosting']);
    const { meta, arrays } = unpack(await train(trial));
    const better = (arrays.predictions as Float32Array).map((p) => (p > 0.5 ? 0.999 : 0.001));
    await submit(trial, pack({ meta, arrays: { ...arrays, predictions: better } }));
    const answer = await outcome(trial);
    expect(answer).toEqual({ state: 'refused', why: 'Its weights do not predict what it says they predict.' });
    expect(await rowOf(trial.trialId)).toMatchObject({
      state: 'queued',
      worker: null,
      score: null,
      device: null,
      artifactKey: null,
      attempts: 1,
    });
    const [entry] = await services.db
      .select()
      .from(auditLog)
      .where(and(eq(auditLog.subject, `trial:${trial.trialId}`), eq(auditLog.denied, true)));
    expect(entry).toMatchObject({ userId: me.id, action: 'search.lend', projectId: me.projectId });
    const told = await services.db.select().from(events).where(eq(events.searchId, searchId));
    expect(JSON.stringify(told)).toContain('was refused. Its weights do not predict');
    // No tab gets it again.
    const others = await Promise.all([claim(), claim(other)]);
    expect(others.map(({ trialId }) => trialId)).not.toContain(trial.trialId);
    expect(await posted()).toEqual([]);
  });

  test.each([
    ['nothing of the kind', async () => new TextEncoder().encode('hello')],
    ['cut off', async (whole: Uint8Array) => whole.slice(0, whole.length / 2)],
    [
      'with numbers that are none',
      async (whole: Uint8Array) => {
        const { meta, arrays } = unpack(whole);
        for (const [name, array] of Object.entries(arrays))
          if (name.includes('/') && array instanceof Float32Array) array.fill(Number.NaN);
        return pack({ meta, arrays });
      },
    ],
    [
      'that loops for ever',
      async (whole: Uint8Array) => {
        const { meta, arrays } = unpack(whole);
        for (const [name, array] of Object.entries(arrays)) if (/\/(left|right)$/.test(name)) array.fill(0);
        return pack({ meta, arrays });
      },
    ],
  ])('that is %s is refused, and the worker lives', async (_, spoil) => {
    const trial = await claim(me, ['boosting']);
    await submit(trial, await spoil(await train(trial)));
    expect(await outcome(trial)).toMatchObject({ state: 'refused' });
    expect(await rowOf(trial.trialId)).toMatchObject({ state: 'queued', score: null });
  });

  test('is taken once, from the one tab that holds the trial', async () => {
    const trial = await claim();
    const bytes = await train(trial);
    await expect(submit(trial, bytes, other)).rejects.toMatchObject({ code: 'conflict' });
    await expect(submit({ ...trial, lease: crypto.randomUUID() }, bytes)).rejects.toMatchObject({ code: 'conflict' });
    const both = await Promise.allSettled([submit(trial, bytes), submit(trial, bytes)]);
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await outcome(trial)).toMatchObject({ state: 'kept' });
    await expect(submit(trial, bytes)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('may not be larger than any model is', async () => {
    const trial = await claim();
    const piece = new Uint8Array(1024 * 1024);
    async function* endless() {
      for (let sent = 0; sent <= mostBytes; sent += piece.length) yield piece;
    }
    const sending = submitLent(me.ctx.service, { ...held(trial), body: endless() });
    await expect(sending).rejects.toMatchObject({ code: 'too_large' });
    expect(await rowOf(trial.trialId)).toMatchObject({ state: 'running', artifactKey: null });
  });

  test('waits for a judge though its tab is closed and its job got lost', async () => {
    const trial = await claim();
    await submit(trial, await train(trial));
    await services.db.execute("delete from pgboss.job where name = 'trial.judge' and state = 'created'");
    services.advance(11);
    expect(await outcome(trial)).toMatchObject({ state: 'kept' });
  });
});

describe('a lent trial', () => {
  test('goes to one of many tabs, oldest first, and never the baseline', async () => {
    const claims = await Promise.all([claim(), claim(other), claim(), claim(other)].map((c) => c.catch(() => null)));
    const ids = claims.flatMap((trial) => (trial ? [trial.trialId] : []));
    expect(ids.length).toBeGreaterThan(1);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect((await rowOf(id))?.role).toBe('search');
  });

  test('does not keep workers waiting: another takes its place in the queue', async () => {
    const lanes = services.config.workers.concurrency;
    for (let tab = 0; tab < 3; tab++) await claim(tab % 2 ? other : me);
    await until(async () => {
      const rows = await services.db.select().from(trials).where(eq(trials.searchId, searchId));
      return rows.filter((row) => row.state === 'queued').length === 2 * lanes;
    }, 8);
  });

  test('goes back at once when its tab says so, and in ten seconds when it says nothing', async () => {
    const trial = await claim();
    expect(await me.call.lend.beat(held(trial))).toEqual({ wish: 'go on' });
    await me.call.lend.giveBack({ ...held(trial), why: 'stopped' });
    expect(await rowOf(trial.trialId)).toMatchObject({ state: 'queued', attempts: 0, worker: null, device: null });
    await expect(me.call.lend.beat(held(trial))).rejects.toMatchObject({ code: 'CONFLICT' });

    const second = await claim();
    expect(second.trialId).toBe(trial.trialId);
    expect(second.lease).not.toBe(trial.lease);
    await expect(me.call.lend.beat(held(trial))).rejects.toMatchObject({ code: 'CONFLICT' });
    services.advance(11);
    await until(async () => (await rowOf(second.trialId))?.state === 'queued');
    expect(await rowOf(second.trialId)).toMatchObject({ attempts: 1, worker: null });
    await expect(me.call.lend.beat(held(second))).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(submit(second, new Uint8Array(8))).rejects.toMatchObject({ code: 'conflict' });
  });

  test('is taken away when its time is over, however alive the tab is', async () => {
    const trial = await claim();
    for (let asked = 0; asked < 60; asked++) {
      services.advance(5);
      const beaten = await me.call.lend.beat(held(trial)).catch((error: Error) => error);
      if (beaten instanceof Error) break;
    }
    expect(await rowOf(trial.trialId)).toMatchObject({ state: 'queued', attempts: 1 });
  });

  test('that a tab cannot train is tried by a worker, not marked as failed', async () => {
    const trial = await claim();
    await me.call.lend.giveBack({ ...held(trial), why: 'failed' });
    expect(await rowOf(trial.trialId)).toMatchObject({ state: 'queued', attempts: 1, error: null });
  });

  test('is asked back by a pause and gone after a cancellation', async () => {
    const trial = await claim();
    await me.call.search.pause({ id: searchId });
    expect(await me.call.lend.beat(held(trial))).toEqual({ wish: 'pause' });
    await me.call.lend.giveBack({ ...held(trial), why: 'stopped' });
    await until(async () => {
      const [row] = await services.db.select().from(searches).where(eq(searches.id, searchId));
      return row?.state === 'paused';
    });
    expect(await me.call.lend.claim({ searchId, device, learners: ['linear'] })).toMatchObject({ kind: 'wait' });
    await me.call.search.cancel({ id: searchId });
    expect(await me.call.lend.claim({ searchId, device, learners: ['linear'] })).toMatchObject({ kind: 'over' });
    await expect(openLentData(me.ctx.service, { searchId })).rejects.toMatchObject({ code: 'conflict' });
  });

  test('is one of few that one person may hold', async () => {
    for (let tab = 0; tab < mostTabs.person; tab++)
      await until(async () => {
        const claimed = await other.call.lend.claim({ searchId, device, learners: [...lentLearners] });
        return claimed.kind === 'trial';
      });
    await expect(other.call.lend.claim({ searchId, device, learners: ['linear'] })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    await expect(claim()).resolves.toMatchObject({ seconds: expect.any(Number) });
  });
});
