/** The main path on the real database, queue and child processes: a table in, a verified model out. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runResultSchema } from '#core/contracts/result.ts';
import type { Session, Tensor } from '#core/contracts/runtime.ts';
import type { SearchRequestInput } from '#core/contracts/task.ts';
import type { SearchView } from '#core/contracts/views.ts';
import { datasetVersions } from '#db/schema/datasets.ts';
import { models } from '#db/schema/models.ts';
import { searches, tasks, trials } from '#db/schema/searches.ts';
import { createDataset } from '#server/services/dataset/create.ts';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { checkReceipt, type Receipt } from '#workers/trainers/receipt.ts';
import { readReceipt } from '#workers/trainers/replay/read-receipt.ts';
import { replay } from '#workers/trainers/replay/replay.ts';
import { owner } from './people.ts';
import { openTestServices, type TestServices } from './services.ts';
import { classTable } from './table.ts';
import { startTestWorker, type TestWorker, until } from './worker.ts';

const exec = promisify(execFile);
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
let services: TestServices;
let worker: TestWorker;
let me: Awaited<ReturnType<typeof owner>>;
let versionId: string;

beforeAll(async () => {
  services = await openTestServices();
  worker = await startTestWorker(services);
  me = await owner(services, 'ann');
  const body = Readable.from([Buffer.from(classTable(400))]);
  const made = await createDataset(me.ctx.service, { projectId: me.projectId, fileName: 'people.csv', body });
  versionId = made.versionId;
  await until(async () => {
    const [row] = await services.db.select().from(datasetVersions).where(eq(datasetVersions.id, versionId));
    if (row?.state === 'failed') throw new Error(row.error?.message);
    return row?.state === 'ready';
  });
}, 120_000);
afterAll(async () => {
  await worker?.stop();
  await services?.close();
});

const request = (change: Partial<SearchRequestInput> = {}): SearchRequestInput => ({
  datasetVersionId: versionId,
  target: 'left',
  kind: 'classification',
  metric: 'roc_auc',
  positiveClass: 'yes',
  budgetSeconds: 60,
  maxTrials: 4,
  reuse: false,
  seed: 7,
  ...change,
});

async function runSearch(change: Partial<SearchRequestInput> = {}): Promise<SearchView> {
  const { searchId } = await me.call.search.start(request(change));
  return ended(searchId);
}

const ended = (id: string) =>
  until(async () => {
    const view = await me.call.search.get({ id });
    return ['ready', 'failed', 'cancelled'].includes(view.state) && view;
  }, 150);

const trialRows = (searchId: string) =>
  services.db.select().from(trials).where(eq(trials.searchId, searchId)).orderBy(asc(trials.number));

describe('a search', () => {
  let view: SearchView;
  beforeAll(async () => {
    view = await runSearch();
  }, 180_000);

  test('ends with a model that two runtimes agree with', async () => {
    expect(view.error).toBeNull();
    expect(view.state).toBe('ready');
    const result = runResultSchema.parse(view.result);
    expect(result.verification.map((v) => [v.runtime.split(' ')[0], v.pass])).toEqual([
      ['onnxruntime-node', true],
      ['onnxruntime-web', true],
    ]);
    expect(result.scores.validation?.value).toBeGreaterThan(0.75);
    expect(result.scores.test?.rows).toBe(80);
    expect(view.firstUsableSeconds).toBeGreaterThan(0);
    expect(view.testLooks).toBe(1);
    const rows = await trialRows(view.id);
    expect(rows.filter((row) => row.state === 'done').length).toBeGreaterThanOrEqual(3);
    expect(rows.length).toBeLessThanOrEqual(4);
  });

  test('tells all of it in numbered events, and a follower can take up anywhere', async () => {
    const log = await me.call.search.events({ id: view.id, lastEventId: 2 });
    const seen: number[] = [];
    const states: string[] = [];
    for await (const [id, event] of log as AsyncIterable<
      [string, { number: number; kind: string; data: { state?: string } }, unknown]
    >) {
      expect(id).toBe(String(event.number));
      seen.push(event.number);
      if (event.kind === 'state') states.push(event.data.state ?? '');
      if (event.kind === 'state' && event.data.state === 'ready') break;
    }
    expect(seen).toEqual(Array.from({ length: seen.length }, (_, i) => i + 3));
    expect(states).toEqual(['searching', 'finalising', 'verifying', 'ready']);
  });

  test('leaves a receipt whose hashes fit, and the bank remembers every finished trial', async () => {
    const text = new TextDecoder().decode(await services.blobs.get(`models/${view.modelId}/receipt.json`));
    const receipt = JSON.parse(text) as Receipt;
    expect(checkReceipt(receipt)).toBe(true);
    expect(receipt.hash).toBe(view.result?.receipt);
    const forged = { ...receipt, parts: receipt.parts.map((part, i) => (i === 2 ? { ...part, content: null } : part)) };
    expect(checkReceipt(forged)).toBe(false);
    const done = (await trialRows(view.id)).filter((row) => row.state === 'done');
    const [task] = await me.call.bank.tasks();
    expect(task).toMatchObject({ kind: 'classification', metric: 'roc_auc', trials: done.length });
  });

  test('a quote tells how far searches had got by when, without units, and never from the search itself', async () => {
    const { versionId, target, kind } = view;
    const asked = { versionId, target, kind, budgetSeconds: 60 };
    const quote = await me.call.search.quote(asked);
    const shares = quote.points!.map(({ value }) => value);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
    expect(quote.cold!.every(({ value }, i) => value >= 0 && value <= shares[i]!)).toBe(true);
    expect(quote.tasks).toMatchObject([{ weight: 1 }]);
    const without = await me.call.search.quote({ ...asked, excludeSearchId: view.id });
    expect(without).toMatchObject({ points: null, cold: null, tasks: [] });
  });

  test('the report speaks of the test rows, and the golden rows go out without answers', async () => {
    const report = await me.call.model.report({ id: view.modelId as string });
    expect(report.confusion?.counts.flat().reduce((a, b) => a + b, 0)).toBe(80);
    expect(report.importance.map(({ column }) => column).sort()).toEqual(['age', 'income', 'member', 'town']);
    expect(report.importance[0]?.value).toBeGreaterThan(0);
    const golden = await me.call.model.golden({ id: view.modelId as string });
    expect(golden.count).toBeGreaterThan(50);
    expect(JSON.stringify(golden.rows)).not.toContain('probabilities');
  });

  test('is published only after a browser agreed', async () => {
    const id = view.modelId as string;
    await expect(me.call.model.publish({ id })).rejects.toThrow('browser');
    const text = new TextDecoder().decode(await services.blobs.get(`models/${id}/golden.jsonl`));
    const rows = text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { label: string; probabilities: number[] });
    const outputs = { labels: rows.map((row) => row.label), probabilities: rows.map((row) => row.probabilities) };
    const post = (change: object) =>
      me.call.model.submitCheck({
        modelId: id,
        browser: 'Test 1',
        runtime: 'wasm',
        outputs: { ...outputs, ...change },
      });
    const wrong = await post({ probabilities: rows.map((row, i) => (i === 5 ? [1, 0] : row.probabilities)) });
    expect(wrong).toMatchObject({ pass: false, differences: [{ row: 5 }, { row: 5 }] });
    await expect(me.call.model.publish({ id })).rejects.toThrow('browser');
    expect(await post({})).toMatchObject({ pass: true });
    await me.call.model.publish({ id });
    expect(await me.call.model.get({ id })).toMatchObject({ state: 'published' });
  });

  test('the bundle runs as it is: Node, and Python where it has onnxruntime', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'warmstart-bundle-'));
    try {
      const zip = join(folder, 'model.zip');
      await writeFile(zip, await services.blobs.get(`models/${view.modelId}/model.zip`));
      await unpack(zip, folder);
      await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
      const node = await exec(process.execPath, [join(folder, 'snippets/node.mjs')]);
      expect(node.stdout).toMatch(/max difference [0-9.e-]+ on \d+ golden rows/);
      const python = process.env.WARMSTART_PYTHON ?? 'python3';
      const able = await exec(python, ['-c', 'import onnxruntime, numpy']).then(
        () => true,
        () => false,
      );
      if (able) expect((await exec(python, [join(folder, 'snippets/python.py')])).stdout).toContain('golden rows');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('a replay by forged plans says which trial comes out otherwise', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'warmstart-replay-'));
    try {
      const [bundle, data] = [join(folder, 'model.zip'), join(folder, 'people.csv')];
      await writeFile(bundle, await services.blobs.get(`models/${view.modelId}/model.zip`));
      await writeFile(data, classTable(400));
      const read = await readReceipt(bundle);
      const { trials } = read.contents;
      const linear = trials.find(({ design, state }) => design.learner === 'linear' && state === 'done');
      for (const plan of linear?.rerun?.plans ?? []) Object.assign(plan, { steps: [1], cut: true });
      Object.assign(read.contents.machine, { cpu: 'elsewhere' });
      const files = { data: { path: data, name: 'people.csv' }, test: null };
      const modelPath = join(folder, 'again.onnx');
      const report = await replay({ read, files, all: false, folder, modelPath, pool: worker.worker.trials });
      expect(report).toMatchObject({ same: false, asks: { differ: 0 }, trials: { differ: 1 } });
      const places = report.differences.map(({ place }) => place);
      expect(places.slice(0, 2)).toEqual(['receipt', 'trials']);
      expect(report.differences[0]?.message).toContain('the hash of trials does not fit');
      expect(report.differences[1]?.message).toMatch(
        new RegExp(
          `^Trial ${linear?.number}( \\(a member of weight 0.\\d+\\))?: linear with other weights: its score was ${linear?.score}, now it is 0.`,
        ),
      );
      expect(report.environment).toContainEqual(expect.stringContaining('CPU class elsewhere there'));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }, 120_000);

  test('the same designs are reused through the bank, at no cost', async () => {
    const again = await runSearch({ reuse: true });
    expect(again.state).toBe('ready');
    expect(again.result?.trials.reused).toBeGreaterThan(0);
    expect(again.testLooks).toBe(2);
    expect(again.result?.seconds.firstUsable).toBeGreaterThan(0);
    const done = async (id: string) => (await trialRows(id)).filter((row) => row.state === 'done');
    const before = new Map((await done(view.id)).map((row) => [row.key, row.score]));
    const rows = await done(again.id);
    for (const row of rows) if (row.reused) expect(row.score).toBe(before.get(row.key));
    const [task] = await me.call.bank.tasks();
    expect((await me.call.bank.task({ id: task!.id })).leaning).toMatchObject([{ id: again.id, number: again.number }]);
    // The same trials make the same file, byte by byte.
    if (rows.every((row) => row.reused) && rows.length === before.size)
      expect(again.result?.model?.sha256).toBe(view.result?.model?.sha256);
  }, 180_000);

  test('a worker replays it when asked, and the same file comes out', async () => {
    const id = view.modelId as string;
    const asked = await me.call.model.replay({ id });
    await expect(me.call.model.replay({ id })).rejects.toThrow('under way');
    const ended = await until(async () => (await me.call.model.replays({ id })).find(({ endedAt }) => endedAt), 60);
    expect(ended).toMatchObject({ id: asked.id, state: 'ready', error: null, report: { same: true, differences: [] } });
    expect(ended.report?.model.rebuilt).toBe(view.result?.model?.sha256);
    expect((await me.call.model.get({ id })).testLooks).toBe(3);
  }, 120_000);

  test('never reads the test part: with it destroyed, trials come out the same', async () => {
    const [search] = await services.db.select().from(searches).where(eq(searches.id, view.id));
    const [task] = await services.db
      .select()
      .from(tasks)
      .where(eq(tasks.id, search?.taskId ?? ''));
    const key = `tasks/${task?.id}/test.parquet`;
    const kept = await services.blobs.get(key);
    await services.blobs.put(key, new TextEncoder().encode('nothing to see'));
    try {
      const blind = await runSearch();
      expect(blind.state).toBe('failed');
      const scores = (rows: Awaited<ReturnType<typeof trialRows>>) =>
        new Map(
          rows
            .filter((row) => row.state === 'done' && !['linear', 'mlp'].includes(row.learner))
            .map((row) => [`${row.key} ${row.steps} ${row.notes.join()}`, row.score]),
        );
      const [first, second] = [scores(await trialRows(view.id)), scores(await trialRows(blind.id))];
      const common = [...second.keys()].filter((k) => first.has(k));
      // Networks and linear models plan their training by the clock, and so does a boosting run that stopped elsewhere.
      expect(common.length).toBeGreaterThanOrEqual(1);
      for (const k of common) expect(second.get(k)).toBe(first.get(k));
    } finally {
      await services.blobs.put(key, kept);
    }
  }, 180_000);
});

/** Python's zipfile or unzip, whichever is there; fails the test where neither is. */
async function unpack(zip: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await exec('unzip', ['-q', '-o', zip, '-d', folder]).catch(() =>
    exec('python3', ['-m', 'zipfile', '-e', zip, folder]),
  );
}

async function sessionOf(view: SearchView): Promise<Session> {
  const [model] = await services.db
    .select()
    .from(models)
    .where(eq(models.id, view.modelId ?? ''));
  return nodeRuntime.createSession(await services.blobs.get(model?.onnxKey ?? ''));
}

/** So many people who differ in nothing but their age, from 5 on. */
function people(count: number, { income, town, member }: { income: number; town: string; member: string }) {
  const same = (value: string): Tensor => ({ type: 'string', dims: [count, 1], data: Array(count).fill(value) });
  const numbers = (of: (i: number) => number): Tensor => ({
    type: 'float32',
    dims: [count, 1],
    data: Float32Array.from({ length: count }, (_, i) => of(i)),
  });
  return { age: numbers((i) => 5 + i), income: numbers(() => income), town: same(town), member: same(member) };
}

test('with a direction along a column only boosted trees are trained, it says so, and the file keeps to it', async () => {
  // Whoever is older leaves more often: the other class's probability falls with age.
  const view = await runSearch({ positiveClass: 'no', monotone: { age: -1 }, maxTrials: 3, budgetSeconds: 30 });
  expect(view).toMatchObject({ state: 'ready', error: null });
  expect(view.prepared?.notes.join()).toContain('Only boosted trees are trained');
  const learners = new Set((await trialRows(view.id)).map(({ learner }) => learner));
  expect(learners).toEqual(new Set(['baseline', 'boosting']));
  const session = await sessionOf(view);
  for (const income of [15_000, 30_000]) {
    const { probabilities } = await session.run(people(90, { income, town: 'Brno', member: 'true' }));
    const no = Array.from((probabilities as Tensor).data as Float32Array).filter((_, i) => i % 2 === 0);
    for (let i = 1; i < no.length; i++) expect(no[i]).toBeLessThanOrEqual((no[i - 1] as number) + 1e-7);
    expect(no.at(-1)).toBeLessThan((no[0] as number) - 0.2);
  }
  await session.dispose();
}, 120_000);

test('where mistakes have costs the file says the cheapest label', async () => {
  const view = await runSearch({ metric: 'cost', costs: { yes: { no: 9 } }, maxTrials: 2, budgetSeconds: 30 });
  expect(view).toMatchObject({ state: 'ready', error: null });
  // Saying yes of everybody costs as much as there are others, about a half.
  expect(view.result?.scores.test?.value).toBeLessThan(0.5);
  const session = await sessionOf(view);
  const { probabilities, label } = await session.run(people(90, { income: 20_000, town: 'Ostrava', member: 'false' }));
  await session.dispose();
  const labels = (label as Tensor).data as string[];
  expect(new Set(labels)).toEqual(new Set(['no', 'yes']));
  labels.forEach((said, i) => {
    const [no, yes] = ((probabilities as Tensor).data as Float32Array).slice(2 * i, 2 * i + 2) as unknown as [
      number,
      number,
    ];
    if (Math.abs(9 * yes - no) > 1e-4) expect(said).toBe(9 * yes > no ? 'yes' : 'no');
  });
}, 120_000);

describe('people can steer', () => {
  test('cancel stops everything and keeps finished trials', async () => {
    const { searchId } = await me.call.search.start(request({ maxTrials: null, seed: 11 }));
    await until(async () => (await trialRows(searchId)).some((row) => row.state === 'done'));
    await me.call.search.cancel({ id: searchId });
    const view = await me.call.search.get({ id: searchId });
    expect(view).toMatchObject({ state: 'cancelled', modelId: null, clockRuns: false });
    expect(view.trials).toMatchObject({ running: 0, queued: 0 });
    expect(view.trials.done).toBeGreaterThan(0);
    await expect(me.call.search.resume({ id: searchId })).rejects.toThrow('cancelled');
  }, 120_000);

  test('pause stops the clock, resume goes on, finish now makes the model', async () => {
    const { searchId } = await me.call.search.start(request({ maxTrials: null, budgetSeconds: 120, seed: 12 }));
    await until(async () => (await trialRows(searchId)).some((row) => row.state === 'done'));
    await me.call.search.pause({ id: searchId });
    const paused = await until(async () => {
      const view = await me.call.search.get({ id: searchId });
      return view.state === 'paused' && view;
    });
    expect(paused.trials.running).toBe(0);
    await new Promise((done) => setTimeout(done, 1500));
    const later = await me.call.search.get({ id: searchId });
    expect(later.elapsedSeconds).toBe(paused.elapsedSeconds);
    expect(later.trials.done).toBe(paused.trials.done);
    await me.call.search.resume({ id: searchId });
    await until(async () => (await me.call.search.get({ id: searchId })).trials.done > paused.trials.done);
    await me.call.search.finish({ id: searchId });
    const view = await ended(searchId);
    expect(view).toMatchObject({ state: 'ready', error: null });
    expect(view.elapsedSeconds).toBeLessThan(110);
    expect(await me.call.search.clone({ id: searchId })).toMatchObject({ seed: 12, budgetSeconds: 120 });
  }, 240_000);
});

describe('what the data cannot carry is refused with the fix', () => {
  test.each([
    [{ target: 'lefft' }, 'There is no target column "lefft"'],
    [{ kind: 'regression' as const, metric: 'rmse' as const }, 'needs a target of numbers'],
    [{ metric: 'rmse' as const }, 'not for classification'],
    [{ positiveClass: 'maybe' }, 'has no class "maybe": it has '],
    [{ split: { kind: 'group' as const, groupColumn: 'family' } }, 'There is no group column'],
    [{ costs: { yes: { no: 2 } } }, 'Costs of mistakes are for the metric cost'],
    [{ monotone: { wages: 1 as const } }, 'There is no column "wages"'],
    [{ monotone: { left: 1 as const } }, 'is the target'],
  ])('%j', async (change, message) => {
    await expect(me.call.search.start(request(change))).rejects.toThrow(message);
  });
});
