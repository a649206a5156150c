/** The court of splits behind the page: asked for, tried by a worker, stored with the version and target. */
import { Readable } from 'node:stream';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Random } from '#core/math/random.ts';
import { sampleGroups } from '#core/splits/sample.ts';
import { groupsOf } from '#core/tasks/strata.ts';
import { datasetVersions, splitReports } from '#db/schema/datasets.ts';
import { maxAttempts } from '#server/services/attempts.ts';
import { createDataset } from '#server/services/dataset/create.ts';
import { readParquetTable } from '#workers/data/read-parquet-table.ts';
import { owner } from './people.ts';
import { openTestServices, type TestServices } from './services.ts';
import { readVersion } from './small-model.ts';
import { startTestWorker, type TestWorker, until } from './worker.ts';

let services: TestServices;
let worker: TestWorker;
let me: Awaited<ReturnType<typeof owner>>;

beforeAll(async () => {
  services = await openTestServices();
  worker = await startTestWorker(services, { trains: false });
  me = await owner(services, 'ann');
});
afterAll(async () => {
  await worker?.stop();
  await services?.close();
});

/** Visits whose measurements give the patient away; the label is the patient's own. */
function visits(patients: number, each: number, seed: number, moved = 0): string {
  const random = new Random(seed);
  const people = Array.from({ length: patients }, () => ({
    sick: random.uniform() < 0.5,
    usual: [random.normal(), random.normal(), random.normal()],
  }));
  const rows = random.shuffle(Array.from({ length: patients * each }, (_, i) => i % patients));
  const lines = rows.map((p) => {
    const { sick, usual } = people[p] as (typeof people)[number];
    const cells = usual.map((x) => (x + moved + 0.03 * random.normal()).toFixed(4));
    return [`P${p}`, ...cells, sick ? 'yes' : 'no'].join();
  });
  return `patient,a,b,c,sick\n${lines.join('\n')}\n`;
}

async function upload(fileName: string, csv: string): Promise<string> {
  const { projectId } = me;
  const made = await createDataset(me.ctx.service, { projectId, fileName, body: Readable.from([Buffer.from(csv)]) });
  await readVersion(me, made.versionId);
  return made.versionId;
}

interface Asked {
  readonly versionId: string;
  readonly target: string;
  readonly testVersionId?: string;
}

async function judged(input: Asked) {
  await me.call.dataset.judgeSplits(input);
  return until(async () => {
    const page = await me.call.dataset.splits(input);
    if (page.state === 'failed') throw new Error(page.error ?? 'failed');
    return (page.state === 'ready' && page.report) || undefined;
  });
}

test('asks to keep patients apart, and the search takes the split as proposed', async () => {
  const versionId = await upload('visits.csv', visits(50, 8, 1));
  const asked = { versionId, target: 'sick' };
  expect(await me.call.dataset.splits(asked)).toEqual({ state: 'none', report: null, error: null });
  const report = await judged(asked);
  const [question] = report.questions;
  expect(question).toMatchObject({ about: 'group', column: 'patient', matters: true, groups: 50, rows: 400 });
  expect(question?.gap.low).toBeGreaterThan(0.1);
  expect(report).toMatchObject({ rows: 400, looked: 400, kind: 'classification', shift: null });
  if (!question?.split) throw new Error('no split is proposed');
  const { searchId } = await me.call.search.start({
    datasetVersionId: versionId,
    target: 'sick',
    kind: 'classification',
    metric: 'roc_auc',
    budgetSeconds: 60,
    split: question.split,
  });
  expect((await me.call.search.clone({ id: searchId })).split).toEqual({ kind: 'group', groupColumn: 'patient' });
  await me.call.search.cancel({ id: searchId });
  // Asked again it tells the same without another job.
  const [before] = await services.db.select().from(splitReports).where(eq(splitReports.versionId, versionId));
  expect(await me.call.dataset.judgeSplits(asked)).toMatchObject({ state: 'ready', report: { rows: 400 } });
  const after = await services.db.select().from(splitReports).where(eq(splitReports.versionId, versionId));
  expect(after).toEqual([before]);
  expect(before).toMatchObject({ attempts: 0 });
  const { rows: audit } = await me.call.audit.list({ projectId: me.projectId });
  expect(audit.filter(({ action }) => action === 'dataset.judgeSplits')).toHaveLength(1);
});

test('a test file is compared, in a report of its own', async () => {
  const versionId = await upload('here.csv', visits(40, 5, 2));
  const elsewhere = await upload('elsewhere.csv', visits(40, 5, 3, 2));
  const plain = await judged({ versionId, target: 'sick' });
  expect(plain.shift).toBeNull();
  const { shift } = await judged({ versionId, target: 'sick', testVersionId: elsewhere });
  expect(shift?.low).toBeGreaterThan(0.8);
  expect(shift?.columns.map(({ column }) => column)).toEqual(expect.arrayContaining(['a', 'b', 'c']));
  expect(await services.db.select().from(splitReports).where(eq(splitReports.versionId, versionId))).toHaveLength(2);
});

test('of a table too large to look at as a whole it takes whole groups', async () => {
  // 4,000 patients with three visits each: of 10,000 rows drawn one by one, most would miss a sibling.
  const versionId = await upload('many.csv', visits(4000, 3, 4));
  const report = await judged({ versionId, target: 'sick' });
  expect(report).toMatchObject({ rows: 12_000, looked: 10_000 });
  const question = report.questions.find(({ column }) => column === 'patient');
  expect(question).toMatchObject({ matters: true, company: 1 });
  expect(question?.groups).toBe(Math.floor(10_000 / 3));

  const [version] = await services.db.select().from(datasetVersions).where(eq(datasetVersions.id, versionId));
  const path = await services.blobs.localPath(version?.parquetKey ?? '');
  const whole = await readParquetTable(path, ['patient', 'a']);
  const [patients] = whole.columns;
  if (patients?.kind !== 'string') throw new Error('patients are strings');
  const rows = sampleGroups(groupsOf(patients), 500, 1);
  const part = await readParquetTable(path, ['a', 'patient'], rows);
  const [a, names] = part.columns;
  if (a?.kind !== 'number' || names?.kind !== 'string') throw new Error('columns come as asked');
  const [, all] = whole.columns;
  expect([...a.values]).toEqual(Array.from(rows, (row) => (all?.kind === 'number' ? all.values[row] : null)));
  expect(Array.from(names.codes, (code) => names.dictionary[code])).toEqual(
    Array.from(rows, (row) => patients.dictionary[patients.codes[row] as number]),
  );
});

test('says in words why there is no report, and tries again when asked', async () => {
  const csv = `x,same\n${Array.from({ length: 200 }, (_, i) => `${(i * 37) % 101},only\n`).join('')}`;
  const versionId = await upload('same.csv', csv);
  const asked = { versionId, target: 'same', kind: 'classification' as const };
  await me.call.dataset.judgeSplits(asked);
  const failed = await until(async () => {
    const page = await me.call.dataset.splits(asked);
    return page.state === 'failed' && page;
  });
  expect(failed.error).toBe('The target same has only one class: there is nothing to predict.');
  expect((await me.call.dataset.judgeSplits(asked)).state).toMatch(/queued|running|failed/);

  await expect(me.call.dataset.judgeSplits({ versionId, target: 'gone' })).rejects.toThrow('There is no column gone.');
  await expect(me.call.dataset.judgeSplits({ versionId, target: 'same', kind: 'regression' })).rejects.toThrow(
    'Regression needs a target of numbers',
  );
});

test('a look whose worker died three times is given up', async () => {
  const versionId = await upload('deadly.csv', visits(30, 5, 5));
  const subject = { versionId, target: 'sick', kind: 'classification' as const };
  const [row] = await services.db
    .insert(splitReports)
    .values({ ...subject, state: 'running', attempts: maxAttempts, createdAt: new Date(0) })
    .returning({ id: splitReports.id });
  // Nobody sends the job: the watch finds what lies there.
  const page = await until(async () => {
    const now = await me.call.dataset.splits(subject);
    return now.state === 'failed' && now;
  });
  expect(page.error).toBe('The worker died 3 times while trying splits of this table.');
  expect(row).toBeDefined();
});

test('goes with its data set', async () => {
  const versionId = await upload('short-lived.csv', visits(30, 5, 6));
  await judged({ versionId, target: 'sick' });
  const { datasetId } = await me.call.dataset.version({ versionId });
  await me.call.dataset.delete({ id: datasetId });
  expect(await services.db.select().from(splitReports).where(eq(splitReports.versionId, versionId))).toEqual([]);
});
