import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { models } from '#db/schema/models.ts';
import { owner } from './people.ts';
import { openTestServices, type TestServices } from './services.ts';
import { makeSmallModel, readVersion } from './small-model.ts';
import { startTestWorker, type TestWorker, until } from './worker.ts';

let services: TestServices;
let worker: TestWorker;
let me: Awaited<ReturnType<typeof owner>>;
let versionId: string;
let datasetId: string;
let modelId: string;

const rows = 400;
/** Rows whose label is wrong. */
const wrong = [11, 57, 123, 222, 301];

/** The label follows the first column, but for the wrong ones. */
const table = () =>
  `size,other,label\n${Array.from({ length: rows }, (_, i) => {
    const size = ((i * 37) % rows) / 8;
    const big = size > rows / 16;
    return `${size},${(i * 7) % 13},${big !== wrong.includes(i) ? 'big' : 'small'}\n`;
  }).join('')}`;

const ready = (id: string) => readVersion(me, id);

beforeAll(async () => {
  services = await openTestServices();
  worker = await startTestWorker(services);
  me = await owner(services, 'ann');
  ({ versionId, datasetId, modelId } = await makeSmallModel(me, {
    fileName: 'sizes.csv',
    csv: table(),
    target: 'label',
    kind: 'classification',
    metric: 'log_loss',
  }));
}, 240_000);
afterAll(async () => {
  await worker?.stop();
  await services?.close();
});

const page = (kind: 'label' | 'twin' | 'outlier', more: { offset?: number; limit?: number } = {}) =>
  me.call.model.faults({ id: modelId, kind, ...more });

test('once the model is there its rows are looked through, worst first', async () => {
  const found = await until(async () => {
    const now = await page('label');
    if (now.state === 'failed') throw new Error('the look failed');
    return now.state === 'ready' && now;
  });
  expect(found).toMatchObject({ versionId, versionNumber: 1, datasetId, listed: found.report?.found.label });
  // A fifth of the rows is the sealed test: whoever is in there is not looked at.
  const training = found.report?.rows ?? 0;
  expect(training).toBe(320);
  const first = found.faults.slice(0, 5).map(({ row }) => row);
  const hits = first.filter((row) => wrong.includes(row));
  expect(hits.length).toBeGreaterThanOrEqual(2);
  for (const { row, given, suggested, reason, cells } of found.faults.filter((fault) => wrong.includes(fault.row))) {
    const [size, , label] = table().split('\n')[row + 1]?.split(',') ?? [];
    expect([given, suggested]).toEqual([label, label === 'big' ? 'small' : 'big']);
    expect(reason).toContain(suggested);
    expect(cells[found.report?.columns.indexOf('size') ?? -1]).toBe(size);
  }
  const second = await page('label', { offset: 1, limit: 1 });
  expect(second.faults).toEqual(found.faults.slice(1, 2));
  expect((await page('outlier')).faults).toEqual([]);
});

test('what its columns do and where it is weak is looked into as well', async () => {
  const { state, report } = await me.call.model.insights({ id: modelId });
  expect(state).toBe('ready');
  expect(report?.slices).toMatchObject({ measure: 'wrong', rows: 320 });
  // Fifths by size; of any one value of the other column there are too few rows.
  expect(report?.slices.tested).toBe(5);
  expect(report?.effects.columns[0]).toMatchObject({ column: 'size' });
  expect(report?.effects.rows).toBeGreaterThan(9);
});

test('ticked rows are left out of a new version, and once more of the next', async () => {
  const made = await me.call.dataset.excludeRows({ versionId, rows: [57, 11] });
  expect(made.datasetId).toBe(datasetId);
  const version = await ready(made.versionId);
  expect(version).toMatchObject({ number: 2, rows: rows - 2 });
  const second = await me.call.dataset.preview({ versionId: made.versionId, offset: 0, limit: rows });
  const lines = table().trimEnd().split('\n').slice(1);
  const kept = lines.filter((_, i) => i !== 11 && i !== 57);
  expect(second.rows.map((cells) => cells.join())).toEqual(kept);
  // Row 121 of version 2 is row 123 of the file.
  const next = await me.call.dataset.excludeRows({ versionId: made.versionId, rows: [121] });
  await ready(next.versionId);
  const third = await me.call.dataset.preview({ versionId: next.versionId, offset: 0, limit: rows });
  expect(third.rows.map((cells) => cells.join())).toEqual(lines.filter((_, i) => ![11, 57, 123].includes(i)));
  // The same rows once more are the same version, and types are kept apart from rows.
  expect(await me.call.dataset.excludeRows({ versionId, rows: [11, 57] })).toEqual(made);
  const typed = await me.call.dataset.setTypes({ versionId: made.versionId, types: { other: 'category' } });
  expect((await ready(typed.versionId)).rows).toBe(rows - 2);
  const hashes = await Promise.all([versionId, made.versionId, next.versionId].map((id) => ready(id)));
  expect(new Set(hashes.map(({ contentHash }) => contentHash)).size).toBe(3);
  const audit = await me.call.audit.list({ projectId: me.projectId });
  expect(audit.rows.map(({ action }) => action)).toContain('dataset.excludeRows');
});

test('rows that are not there, and all rows, are refused', async () => {
  await expect(me.call.dataset.excludeRows({ versionId, rows: [rows] })).rejects.toThrow('There is no row 401');
  const all = Array.from({ length: rows }, (_, i) => i);
  await expect(me.call.dataset.excludeRows({ versionId, rows: all })).rejects.toThrow('At least one row');
});

test('a look whose worker died three times is given up, and the model stays', async () => {
  await services.db.update(models).set({ faultsState: 'queued', attempts: 3 }).where(eq(models.id, modelId));
  await services.queue.send(services.db, 'model.faults', { modelId });
  await until(async () => (await page('label')).state === 'failed');
  expect((await me.call.model.get({ id: modelId })).state).toBe('verified');
});
