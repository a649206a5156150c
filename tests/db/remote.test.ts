/** `warmstart run --server`: the same run over the product's own REST routes, with an API key. */

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readModelMetadata } from '#core/serve/metadata.ts';
import { openRemote } from '#infra/cli/backend-remote.ts';
import { setWebServices } from '#server/api/services.ts';
import { owner } from './people.ts';
import { openTestServices, type TestServices } from './services.ts';
import { classTable } from './table.ts';
import { startTestWorker, type TestWorker } from './worker.ts';

type Handler = (request: Request, route: { params: Promise<Record<string, string>> }) => Promise<Response>;
type Module = Readonly<Partial<Record<string, Handler>>>;

/** The routes by path, as Next finds them by folder. */
const routes: readonly [RegExp, () => Promise<unknown>][] = [
  [/^\/api\/v1\/datasets$/, () => import('#app/api/v1/datasets/route.ts')],
  [/^\/api\/v1\/datasets\/(?<versionId>[^/]+)$/, () => import('#app/api/v1/datasets/[versionId]/route.ts')],
  [
    /^\/api\/v1\/datasets\/(?<versionId>[^/]+)\/suggest$/,
    () => import('#app/api/v1/datasets/[versionId]/suggest/route.ts'),
  ],
  [/^\/api\/v1\/searches$/, () => import('#app/api/v1/searches/route.ts')],
  [/^\/api\/v1\/searches\/(?<id>[^/]+)$/, () => import('#app/api/v1/searches/[id]/route.ts')],
  [/^\/api\/v1\/searches\/(?<id>[^/]+)\/events$/, () => import('#app/api/v1/searches/[id]/events/route.ts')],
  [/^\/api\/v1\/searches\/(?<id>[^/]+)\/usable\.onnx$/, () => import('#app/api/v1/searches/[id]/usable.onnx/route.ts')],
  [/^\/api\/v1\/searches\/(?<id>[^/]+)\/(?<verb>[^/]+)$/, () => import('#app/api/v1/searches/[id]/[verb]/route.ts')],
  [/^\/api\/v1\/models\/(?<id>[^/]+)\/(?<file>[^/]+)$/, () => import('#app/api/v1/models/[id]/[file]/route.ts')],
];

async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  for (const [pattern, load] of routes) {
    const match = pattern.exec(pathname);
    if (!match) continue;
    const handler = ((await load()) as Module)[request.method];
    return handler
      ? handler(request, { params: Promise.resolve({ ...match.groups }) })
      : new Response(null, { status: 405 });
  }
  return new Response(null, { status: 404 });
}

let services: TestServices;
let worker: TestWorker;
let server: Server;
let folder = '';
let url = '';
let key = '';
beforeAll(async () => {
  services = await openTestServices();
  setWebServices(services);
  worker = await startTestWorker(services);
  const me = await owner(services, 'ann');
  key = (await me.call.apiKey.create({ workspaceId: me.workspaceId, name: 'command line', role: 'editor' })).key;
  server = createServer(async (incoming, outgoing) => {
    const body = incoming.method === 'POST' ? (Readable.toWeb(incoming) as ReadableStream) : null;
    const init = {
      method: incoming.method ?? 'GET',
      headers: incoming.headers as Record<string, string>,
      body,
      duplex: 'half',
    };
    const reply = await answer(new Request(`${url}${incoming.url}`, init as RequestInit));
    outgoing.writeHead(reply.status, Object.fromEntries(reply.headers));
    outgoing.end(Buffer.from(await reply.arrayBuffer()));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = await mkdtemp(join(tmpdir(), 'warmstart-remote-'));
  await writeFile(join(folder, 'people.csv'), classTable(200));
}, 60_000);
afterAll(async () => {
  server?.close();
  await worker?.stop();
  await services?.close();
  await rm(folder, { recursive: true, force: true });
});

test('runs a search, follows its events without gaps, and downloads file and bundle', async () => {
  const backend = openRemote(url, key, null);
  const versionId = await backend.addTable(join(folder, 'people.csv'));
  expect(await backend.propose(versionId, 'left')).toMatchObject({ kind: 'classification', metric: 'roc_auc' });
  const request = { datasetVersionId: versionId, target: 'left', kind: 'classification', metric: 'roc_auc' } as const;
  const searchId = await backend.start({ ...request, budgetSeconds: 40, maxTrials: 3, spentSeconds: 0 });
  const numbers: number[] = [];
  const view = await backend.follow(searchId, (event) => numbers.push(event.number), new AbortController().signal);
  expect(view).toMatchObject({ state: 'ready', error: null });
  expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, i) => i + 1));
  await backend.save(view.modelId as string, 'model.onnx', join(folder, 'm.onnx'));
  expect(readModelMetadata(await readFile(join(folder, 'm.onnx')))).toMatchObject({
    target: 'left',
    classes: ['no', 'yes'],
  });
  await backend.save(view.modelId as string, 'model.zip', join(folder, 'm.zip'));
  expect(await backend.saveBest(searchId, join(folder, 'usable.onnx'))).toBe(true);
  expect(await backend.cancel(searchId)).toMatchObject({ state: 'ready' });
}, 150_000);

test('a wrong key, a broken file and a column that is not there are said plainly', async () => {
  await expect(openRemote(url, 'wrong', null).addTable(join(folder, 'people.csv'))).rejects.toMatchObject({ code: 2 });
  await writeFile(join(folder, 'empty.csv'), '');
  await expect(openRemote(url, key, null).addTable(join(folder, 'empty.csv'))).rejects.toMatchObject({ code: 3 });
  const version = await openRemote(url, key, null).addTable(join(folder, 'people.csv'));
  await expect(openRemote(url, key, null).propose(version, 'gone')).rejects.toMatchObject({
    code: 2,
    message: expect.stringContaining('There is no column gone'),
  });
  expect(() => openRemote(url, undefined, null)).toThrow('WARMSTART_API_KEY');
}, 60_000);
