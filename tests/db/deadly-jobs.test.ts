/** Work that kills its worker each time: real workers, really killed, a limited number of times. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { datasetVersions } from '#db/schema/datasets.ts';
import { searches } from '#db/schema/searches.ts';
import { maxAttempts } from '#server/services/attempts.ts';
import { createDataset } from '#server/services/dataset/create.ts';
import { startSearch } from '#server/services/search/start.ts';
import { ingestDataset } from '#workers/jobs/dataset-ingest.ts';
import { owner } from './people.ts';
import { openTestServices, type TestServices } from './services.ts';
import { classTable } from './table.ts';
import { until } from './worker.ts';

const root = join(import.meta.dirname, '..', '..');
let services: TestServices;
let me: Awaited<ReturnType<typeof owner>>;
let worker: ChildProcess | undefined;
beforeAll(async () => {
  services = await openTestServices();
  me = await owner(services, 'deadly');
}, 60_000);
afterEach(() => void worker?.kill('SIGKILL'));
afterAll(() => services?.close());

function startWorker(): ChildProcess {
  const { databaseUrl, dataDir } = services.config;
  const env = { ...process.env, DATABASE_URL: databaseUrl, WARMSTART_DATA: dataDir, LOG_LEVEL: 'silent' };
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, 'workers/main.ts')], { env });
}

/** Starts a worker and kills it the moment `begun` says that it has begun. */
async function dieAt(begun: () => Promise<boolean>): Promise<void> {
  worker = startWorker();
  await until(begun, 60);
  const gone = new Promise((done) => worker?.once('exit', done));
  worker.kill('SIGKILL');
  await gone;
}

async function upload(rows: number): Promise<string> {
  const { versionId } = await createDataset(me.ctx.service, {
    projectId: me.projectId,
    fileName: 'table.csv',
    body: Readable.from([Buffer.from(classTable(rows))]),
  });
  return versionId;
}

const versionOf = async (id: string) =>
  (await services.db.select().from(datasetVersions).where(eq(datasetVersions.id, id)))[0];
const searchOf = async (id: string) => (await services.db.select().from(searches).where(eq(searches.id, id)))[0];

test('a file whose reading kills the worker is given up after three times, with the reason', async () => {
  const versionId = await upload(200_000);
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    await dieAt(async () => (await versionOf(versionId))?.attempts === attempt);
    expect(await versionOf(versionId)).toMatchObject({ state: 'reading', attempts: attempt });
  }
  worker = startWorker();
  // A worker finds what the dead ones left once it has lain for ten seconds.
  await until(async () => (await versionOf(versionId))?.state === 'failed', 60);
  expect((await versionOf(versionId))?.error).toMatchObject({
    message: 'The process that reads files died 3 times at this one.',
    file: 'table.csv',
    fix: expect.stringContaining('memory'),
  });
}, 240_000);

test('a worker that ends in good order takes its count back', async () => {
  const versionId = await upload(20_000);
  const stop = new AbortController();
  const reading = ingestDataset(services, versionId, stop.signal).catch(() => undefined);
  await until(async () => (await versionOf(versionId))?.attempts === 1, 20);
  stop.abort();
  await reading;
  expect(await versionOf(versionId)).toMatchObject({ state: 'reading', attempts: 0 });
  await ingestDataset(services, versionId);
  expect(await versionOf(versionId)).toMatchObject({ state: 'ready', attempts: 0 });
}, 60_000);

test('a search whose preparation kills the worker fails after three times, with the reason', async () => {
  const versionId = await upload(20_000);
  await ingestDataset(services, versionId);
  const { searchId } = await startSearch(me.ctx.service, {
    datasetVersionId: versionId,
    target: 'left',
    kind: 'classification',
    metric: 'roc_auc',
    budgetSeconds: 60,
  });
  for (let attempt = 1; attempt <= maxAttempts; attempt++)
    await dieAt(async () => (await searchOf(searchId))?.attempts === attempt);
  worker = startWorker();
  await until(async () => (await searchOf(searchId))?.state === 'failed', 60);
  expect(await searchOf(searchId)).toMatchObject({
    error: expect.stringContaining('The worker died 3 times while preparing the data.'),
    result: { failure: 'data' },
  });
}, 240_000);
