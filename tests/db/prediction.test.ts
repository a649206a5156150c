/** A file predicted by a worker: uploaded in parts, answered as the command line answers it, downloaded, deleted. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { predictions } from '#db/schema/models.ts';
import { openPrediction } from '#server/services/prediction/file.ts';
import { appendUpload } from '#server/services/upload/append.ts';
import { openDuck, quoteText } from '#workers/data/duckdb.ts';
import { owner } from './people.ts';
import { openTestServices, type TestServices } from './services.ts';
import { makeSmallModel } from './small-model.ts';
import { startTestWorker, type TestWorker, until } from './worker.ts';

const exec = promisify(execFile);
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
let services: TestServices;
let worker: TestWorker;
let me: Awaited<ReturnType<typeof owner>>;
let modelId: string;
let folder: string;

/** A price by size and kind, with noise that grows with the size. */
const table = (rows: number) =>
  `size,kind,price\n${Array.from({ length: rows }, (_, i) => {
    const size = 20 + ((i * 37) % 180) + 0.5;
    const noise = ((i * 7919) % 101) / 101 - 0.5;
    return `${size},${['flat', 'house'][i % 2]},${Math.round(10 * size * (1 + 0.3 * noise))}\n`;
  }).join('')}`;

beforeAll(async () => {
  services = await openTestServices();
  worker = await startTestWorker(services);
  folder = await mkdtemp(join(tmpdir(), 'warmstart-predictions-'));
  me = await owner(services, 'ann');
  ({ modelId } = await makeSmallModel(me, {
    fileName: 'prices.csv',
    csv: table(400),
    target: 'price',
    kind: 'regression',
    metric: 'rmse',
  }));
}, 240_000);
afterAll(async () => {
  await worker?.stop();
  await services?.close();
  await rm(folder, { recursive: true, force: true });
});

async function upload(fileName: string, content: string): Promise<string> {
  const bytes = Buffer.from(content);
  const { id } = await me.call.upload.create({ projectId: me.projectId, fileName, bytes: bytes.byteLength });
  const half = Math.floor(bytes.byteLength / 2);
  const body = (part: Buffer) => Readable.from([part]);
  await appendUpload(me.ctx.service, { id, offset: 0, body: body(bytes.subarray(0, half)) });
  await appendUpload(me.ctx.service, { id, offset: half, body: body(bytes.subarray(half)) });
  return id;
}

async function predict(fileName: string, content: string, format: 'csv' | 'parquet' = 'csv') {
  const { id } = await me.call.prediction.create({ modelId, uploadId: await upload(fileName, content), format });
  return until(async () => {
    const found = (await me.call.prediction.list({ modelId })).find((one) => one.id === id);
    return found && ['ready', 'failed'].includes(found.state) && found;
  });
}

async function download(id: string): Promise<Buffer> {
  const { open } = await openPrediction(me.ctx.service, { id });
  const body = await open();
  return body instanceof Readable ? Buffer.concat(await body.toArray()) : Buffer.from(body);
}

const rows = `kind,size\n${Array.from({ length: 5000 }, (_, i) => `${i % 3 ? 'flat' : 'castle'},${i % 11 ? i % 190 : ''}\n`).join('')}`;

test('the answers are those of the command line, bounds included', async () => {
  const done = await predict('new rows.csv', rows);
  expect(done).toMatchObject({ state: 'ready', rows: 5000, notes: [], error: null });
  const got = (await download(done.id)).toString();
  const paths = { model: join(folder, 'model.onnx'), rows: join(folder, 'rows.csv'), out: join(folder, 'out.csv') };
  await writeFile(paths.model, await services.blobs.get(`models/${modelId}/model.onnx`));
  await writeFile(paths.rows, rows);
  await exec(process.execPath, [join(root, 'warmstart.mjs'), 'predict', paths.model, paths.rows, '--out', paths.out]);
  expect(got).toBe(await readFile(paths.out, 'utf8'));
  const [header, ...lines] = got.trimEnd().split('\n');
  expect(header).toBe('prediction,lower,upper');
  expect(lines).toHaveLength(5000);
  for (const line of lines) {
    const [value, lower, upper] = line.split(',').map(Number) as [number, number, number];
    expect(lower <= value && value <= upper).toBe(true);
  }
  const { fileName } = await openPrediction(me.ctx.service, { id: done.id });
  expect(fileName).toBe('new-rows-predictions.csv');
  const [row] = await services.db.select().from(predictions).where(eq(predictions.id, done.id));
  expect(await services.blobs.exists(row?.sourceKey ?? '')).toBe(false);
});

test('JSON lines in, Parquet out; columns that lack are named', async () => {
  const lines = Array.from({ length: 50 }, (_, i) => `${JSON.stringify({ size: 30 + i })}\n`).join('');
  const done = await predict('rows.jsonl', lines, 'parquet');
  expect(done).toMatchObject({ state: 'ready', rows: 50 });
  expect(done.notes[0]).toContain('kind');
  const path = join(folder, 'answers.parquet');
  await writeFile(path, await download(done.id));
  const duck = await openDuck({ folders: [folder] });
  const columns = await duck.rows(`DESCRIBE SELECT * FROM read_parquet(${quoteText(path)})`);
  const [counted] = await duck.rows(`SELECT count(*) FROM read_parquet(${quoteText(path)}) WHERE lower <= upper`);
  await duck.close();
  expect(columns.map(([name, type]) => [name, type])).toEqual([
    ['prediction', 'FLOAT'],
    ['lower', 'FLOAT'],
    ['upper', 'FLOAT'],
  ]);
  expect(counted).toEqual([50]);
});

test('a file that has nothing of the model is refused in plain words, and an upload serves once', async () => {
  const failed = await predict('other.csv', 'a,b\n1,2\n3,4\n');
  expect(failed).toMatchObject({ state: 'failed', error: { file: 'other.csv' } });
  expect(failed.error?.message).toContain('size');
  await expect(openPrediction(me.ctx.service, { id: failed.id })).rejects.toThrow('not predicted');
  const uploadId = await upload('twice.csv', rows);
  await me.call.prediction.create({ modelId, uploadId });
  await expect(me.call.prediction.create({ modelId, uploadId })).rejects.toThrow('complete');
});

test('deleting takes the answers along', async () => {
  const [one] = await me.call.prediction.list({ modelId });
  await me.call.prediction.delete({ id: one?.id ?? '' });
  const left = await me.call.prediction.list({ modelId });
  expect(left.map(({ id }) => id)).not.toContain(one?.id);
  expect(await services.blobs.exists(`models/${modelId}/predictions/${one?.id}/predictions.csv`)).toBe(false);
  const audit = await me.call.audit.list({ projectId: me.projectId });
  expect(audit.rows.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['prediction.create', 'prediction.delete']),
  );
});
