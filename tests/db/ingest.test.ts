/** From uploaded bytes to a profile, a preview, links and new versions, with the worker's own job. */
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { datasetVersions } from '#db/schema/datasets.ts';
import { workspaces } from '#db/schema/workspaces.ts';
import { addSource } from '#server/services/dataset/add-source.ts';
import { createDataset } from '#server/services/dataset/create.ts';
import { readParquetTable } from '#workers/data/read-parquet-table.ts';
import { splitParquet } from '#workers/data/split-parquet.ts';
import { ingestDataset } from '#workers/jobs/dataset-ingest.ts';
import { owner } from './people.ts';
import { openTestServices, type TestServices } from './services.ts';

let services: TestServices;
let ada: Awaited<ReturnType<typeof owner>>;
beforeAll(async () => {
  services = await openTestServices();
  ada = await owner(services, 'ada');
});
afterAll(() => services.close());

const asAda = () => ({ ...services, actor: { kind: 'user', userId: ada.id, via: 'session' } }) as const;

async function add(fileName: string, text: string) {
  const body = (async function* () {
    yield Buffer.from(text);
  })();
  return createDataset(asAda(), { projectId: ada.projectId, fileName, body });
}

const rows = Array.from({ length: 1200 }, (_, i) => {
  const x = (i * 37) % 101;
  return `${i},${x},${i % 50 === 0 ? '' : (i * 7) % 13},${['red', 'blue', 'green'][i % 3]},${x > 50 ? 'won' : 'lost'},${x > 50 === (i % 20 !== 0) ? 'yes' : 'no'}`;
});
const table = `row_id,x,z,colour,stage,outcome\n${rows.join('\n')}\n`;

describe('ingest', () => {
  test('a sample becomes a ready version with profile, preview and Parquet', async () => {
    const { versionId, datasetId } = await ada.call.project.addSample({ projectId: ada.projectId, key: 'churn' });
    await ingestDataset(services, versionId);
    const { version, dataset } = await ada.call.dataset.get({ id: datasetId });
    expect(dataset.name).toBe('Customer churn');
    expect(version).toMatchObject({ state: 'ready', rows: 5000, error: null });
    expect(version.contentHash).toMatch(/^[0-9a-f]{64}$/);
    const churn = version.profile?.columns.find((column) => column.name === 'churn');
    expect(churn).toMatchObject({
      type: 'boolean',
      missing: 0,
      distinct: 2,
      top: [
        { value: 'no', count: 4293 },
        { value: 'yes', count: 707 },
      ],
    });
    const suggestion = await ada.call.dataset.suggest({ versionId });
    expect(suggestion).toMatchObject({
      target: 'churn',
      kind: 'classification',
      metric: 'roc_auc',
      positiveClass: 'yes',
    });
    const links = await ada.call.dataset.associations({ versionId, target: 'churn' });
    expect(links.total_day_minutes).toBeGreaterThan(links.total_night_calls ?? 1);
    expect(Object.values(links).every((strength) => strength >= 0 && strength <= 1)).toBe(true);
    const listed = await ada.call.dataset.list({ projectId: ada.projectId });
    expect(listed.find((row) => row.id === datasetId)?.latest).toMatchObject({
      state: 'ready',
      rows: 5000,
      columns: 20,
    });
  });

  test('the samples are what their list says', async () => {
    for (const sample of await ada.call.project.samples()) {
      const { versionId } = await ada.call.project.addSample({ projectId: ada.projectId, key: sample.key });
      await ingestDataset(services, versionId);
      const version = await ada.call.dataset.version({ versionId });
      expect(version).toMatchObject({ state: 'ready', rows: sample.rows });
      expect(version.profile?.columns).toHaveLength(sample.columns);
    }
  });

  test('numbers of the profile are right', async () => {
    const { versionId } = await add('numbers.csv', table);
    await ingestDataset(services, versionId);
    const { profile } = await ada.call.dataset.version({ versionId });
    const z = profile?.columns.find((column) => column.name === 'z');
    const values = rows
      .map((row) => row.split(',')[2] ?? '')
      .filter((cell) => cell !== '')
      .map(Number);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    expect(z).toMatchObject({ type: 'number', missing: 24, distinct: 13, min: 0, max: 12, wide: false });
    expect(z?.mean).toBeCloseTo(mean, 10);
    expect(z?.deviation).toBeCloseTo(Math.sqrt(values.reduce((s, v) => s + (v - mean) ** 2, 0) / values.length), 10);
    expect(z?.quantiles?.[2]).toBe(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]);
    expect(z?.histogram?.reduce((a, b) => a + b, 0)).toBe(values.length);
    expect(profile?.warnings.map((w) => [w.code, w.column])).toContainEqual(['identifier', 'row_id']);
  });

  test('a column that knows the answer is a serious suspect', async () => {
    const text = `x,answer,outcome\n${Array.from({ length: 400 }, (_, i) => `${(i * 31) % 17},${(i * 7) % 10 > 4 ? 'hot' : 'cold'},${(i * 7) % 10 > 4 ? 'yes' : 'no'}`).join('\n')}\n`;
    const { versionId } = await add('leak.csv', text);
    await ingestDataset(services, versionId);
    const { warnings } = await ada.call.dataset.suggest({ versionId, target: 'outcome' });
    expect(warnings).toEqual([
      expect.objectContaining({
        code: 'leakage',
        column: 'answer',
        severity: 'serious',
        fix: expect.objectContaining({ setType: 'ignore' }),
      }),
    ]);
  });

  test('the preview pages any part of what it holds', async () => {
    const { versionId } = await add('preview.csv', table);
    await ingestDataset(services, versionId);
    for (const [offset, limit] of [
      [0, 3],
      [99, 2],
      [150, 210],
      [1199, 50],
      [1200, 5],
      [9000, 1],
    ] as const) {
      const page = await ada.call.dataset.preview({ versionId, offset, limit });
      expect(page.total).toBe(1200);
      const expected = rows
        .slice(offset, offset + limit)
        .map((row) => row.split(',').map((cell) => (cell === '' ? null : cell)));
      expect(page.rows).toEqual(expected);
    }
  });

  test('changed types make a new version; the old one stays; the same types are the same version', async () => {
    const { versionId, datasetId } = await add('types.csv', table);
    await ingestDataset(services, versionId);
    const next = await ada.call.dataset.setTypes({ versionId, types: { x: 'category', row_id: 'ignore' } });
    expect(next.datasetId).toBe(datasetId);
    await ingestDataset(services, next.versionId);
    const { version, versions } = await ada.call.dataset.get({ id: datasetId });
    expect(versions.map((v) => v.number)).toEqual([2, 1]);
    const types = Object.fromEntries(version.profile?.columns.map((c) => [c.name, c.type]) ?? []);
    expect(types).toMatchObject({ x: 'category', row_id: 'ignore', z: 'number' });
    const first = await ada.call.dataset.get({ id: datasetId, version: 1 });
    expect(first.version.profile?.columns.find((c) => c.name === 'x')?.type).toBe('number');
    expect(first.version.contentHash).not.toBe(version.contentHash);
    expect(await ada.call.dataset.setTypes({ versionId, types: { row_id: 'ignore', x: 'category' } })).toEqual(next);
    await expect(ada.call.dataset.setTypes({ versionId, types: { nowhere: 'text' } })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    });
  });

  test('a number type set by hand turns odd cells into missing, and says so', async () => {
    const text = `age,y\n${Array.from({ length: 40 }, (_, i) => `${i === 9 ? 'forty' : 20 + i},${i % 2}`).join('\n')}\n`;
    const { versionId, datasetId } = await add('odd.csv', text);
    await ingestDataset(services, versionId);
    const made = await ada.call.dataset.setTypes({ versionId, types: { age: 'number' } });
    await ingestDataset(services, made.versionId);
    const { version } = await ada.call.dataset.get({ id: datasetId });
    expect(version.profile?.columns[0]).toMatchObject({ type: 'number', missing: 1 });
    expect(version.profile?.corrections).toEqual([
      'age: 1 cell that is no number is read as missing (first: “forty” on line 11).',
    ]);
  });

  test('a refusal is kept with place and fix, leaves no blob, and shows as bad data', async () => {
    const { versionId, datasetId } = await add('bad.csv', 'a,b\n1,2\n3,4,5\n');
    await ingestDataset(services, versionId);
    const { version } = await ada.call.dataset.get({ id: datasetId });
    expect(version).toMatchObject({
      state: 'failed',
      profile: null,
      error: { file: 'bad.csv', line: 3, fix: expect.any(String) },
    });
    expect(await services.blobs.exists(`datasets/${versionId}/table.parquet`)).toBe(false);
    await expect(ada.call.dataset.preview({ versionId })).rejects.toMatchObject({ code: 'UNPROCESSABLE_CONTENT' });
  });

  test('the row quota of the workspace holds', async () => {
    const { versionId, datasetId } = await add('rows.csv', table);
    await services.db.update(workspaces).set({ maxRows: 1000 }).where(eq(workspaces.id, ada.workspaceId));
    await ingestDataset(services, versionId);
    await services.db.update(workspaces).set({ maxRows: null }).where(eq(workspaces.id, ada.workspaceId));
    const { version } = await ada.call.dataset.get({ id: datasetId });
    expect(version.error?.message).toBe('The table has more than 1,000 rows, which is the limit here.');
  });

  test('reading twice is harmless, and a half-read version is read again', async () => {
    const { versionId } = await add('twice.csv', table.replace('row_id', 'n'));
    await services.db.update(datasetVersions).set({ state: 'reading' }).where(eq(datasetVersions.id, versionId));
    // The one that finds the lease taken leaves it to the other.
    await Promise.all([ingestDataset(services, versionId), ingestDataset(services, versionId)]);
    expect(await ada.call.dataset.version({ versionId })).toMatchObject({ state: 'ready', rows: 1200 });
  });

  test('a reading that is stopped can be taken up again', async () => {
    const { versionId } = await add('stopped.csv', table.replace('row_id', 'k'));
    const stop = new AbortController();
    stop.abort(new Error('the worker ends'));
    await expect(ingestDataset(services, versionId, stop.signal)).rejects.toThrow('the worker ends');
    expect((await ada.call.dataset.version({ versionId })).state).toBe('reading');
    await ingestDataset(services, versionId);
    expect((await ada.call.dataset.version({ versionId })).state).toBe('ready');
  });

  test('deleting removes rows and blobs of all versions', async () => {
    const { versionId, datasetId } = await add('gone.csv', `${table}1,2,3,red,won,yes\n`);
    await ingestDataset(services, versionId);
    expect(await ada.call.dataset.dependents({ id: datasetId })).toEqual({ searches: [], models: [] });
    await ada.call.dataset.rename({ id: datasetId, name: 'Soon gone' });
    expect((await ada.call.dataset.get({ id: datasetId })).dataset.name).toBe('Soon gone');
    await ada.call.dataset.delete({ id: datasetId });
    await expect(ada.call.dataset.get({ id: datasetId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    for (const name of ['source', 'table.parquet', 'preview.jsonl', 'preview.jsonl.index', 'sample.bin'])
      expect(await services.blobs.exists(`datasets/${versionId}/${name}`)).toBe(false);
  });

  test('a table is loaded and split by row in the order of the file, across row groups', async () => {
    const count = 300_000;
    const lines = Array.from({ length: count }, (_, i) => `${i},${i % 97 === 0 ? '' : `v${i % 1000}`}`);
    const { versionId } = await add('long.csv', `n,s\n${lines.join('\n')}\n`);
    await ingestDataset(services, versionId);
    const path = await services.blobs.localPath(`datasets/${versionId}/table.parquet`);
    const loaded = await readParquetTable(path);
    expect(loaded.rows).toBe(count);
    const [n, s] = loaded.columns;
    if (n?.kind !== 'number' || s?.kind !== 'string') throw new Error('wrong kinds');
    expect(n.values.every((value, i) => value === i)).toBe(true);
    expect(s.codes.every((code, i) => (code < 0 ? i % 97 === 0 : s.dictionary[code] === `v${i % 1000}`))).toBe(true);
    const test = Array.from({ length: count / 4 }, (_, i) => i * 4 + 1);
    const trainPath = `${path}.train`;
    const testPath = `${path}.test`;
    const counts = await splitParquet({ path, test, leaveOut: [0, 2], trainPath, testPath });
    expect(counts).toEqual({ test: count / 4, train: count - count / 4 - 2 });
    const [part] = (await readParquetTable(testPath, ['n'])).columns;
    expect(part?.kind === 'number' && part.values.every((value, i) => value === test[i])).toBe(true);
    const [train] = (await readParquetTable(trainPath, ['n'])).columns;
    if (train?.kind !== 'number') throw new Error('wrong kind');
    expect(train.values.every((value, i) => i === 0 || value > (train.values[i - 1] ?? 0))).toBe(true);
  });

  test('versions are numbered without gaps when they come together', async () => {
    const { datasetId } = await add('many.csv', table.replace('row_id', 'm'));
    const access = { workspaceId: ada.workspaceId, projectId: ada.projectId, role: 'owner' } as const;
    await Promise.all(
      Array.from({ length: 5 }, (_, i) =>
        addSource(asAda(), {
          access,
          projectId: ada.projectId,
          datasetId,
          versionId: crypto.randomUUID(),
          source: { key: 'datasets/none', sha256: String(i), name: 'x.csv', bytes: 1 },
          action: 'dataset.create',
        }),
      ),
    );
    const { versions } = await ada.call.dataset.get({ id: datasetId });
    expect(versions.map((v) => v.number)).toEqual([6, 5, 4, 3, 2, 1]);
  });
});
