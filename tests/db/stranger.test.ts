/**
 * No one in: walks every procedure and every HTTP route as a stranger, as the owner of another workspace, with an API
 * key and as each role, and holds each answer against the one table of scopes. A procedure or route that the walk does
 * not know fails it, and so does anything a refused call changed. Each change and each refusal is in the audit log.
 */
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AnyProcedure } from '@trpc/server';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventHub } from '#server/api/hub.ts';
import { appRouter } from '#server/api/root.ts';
import { setWebServices } from '#server/api/services.ts';
import type { Meta } from '#server/api/trpc.ts';
import { atLeast, type Role, type Scope, scopes, sessionOnly } from '#server/services/scopes.ts';
import { asCaller, type Caller, member, owner, type Person } from './people.ts';
import { openTestServices, type TestServices } from './services.ts';
import { procedureInputs, type RouteCall, routeCalls } from './walk-inputs.ts';
import { seedWorld, type World } from './world.ts';

const apiFolder = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'app');
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const people = ['stranger', 'outsider', 'viewer', 'editor', 'admin', 'owner', 'key'] as const;
type Who = (typeof people)[number];
type Outcome = 'ok' | 'unauthenticated' | 'not_found' | 'forbidden' | 'fault';

interface Stage {
  readonly world: World;
  readonly headers: Headers;
  readonly call: Caller;
}

let services: TestServices;
let outsider: Person;
/** A world that only refused calls touch: nothing in it may ever change. */
let shared: Stage;

beforeAll(async () => {
  services = await openTestServices();
  setWebServices(services);
  outsider = await owner(services, 'outsider');
  shared = await stageFor('owner');
});
afterAll(async () => {
  await eventHub(services.config.databaseUrl).close();
  await services.close();
});

/** A fresh home with one of everything, and somebody with a role in it. */
async function stageFor(who: Exclude<Who, 'stranger' | 'outsider'>): Promise<Stage> {
  const home = await owner(services, 'home');
  const at = { workspaceId: home.workspaceId, projectId: null };
  const idle = await member(services, 'idle', { ...at, projectId: home.projectId }, 'editor');
  const actor = who === 'owner' || who === 'key' ? home : await member(services, who, at, who);
  const place = {
    workspaceId: home.workspaceId,
    projectId: home.projectId,
    ownerId: home.id,
    memberId: idle.id,
  };
  const world = await seedWorld(services, place, actor.id);
  if (who !== 'key') return { world, headers: actor.headers, call: actor.call };
  const { key } = await home.call.apiKey.create({ workspaceId: home.workspaceId, name: 'walk', role: 'admin' });
  const headers = new Headers({ authorization: `Bearer ${key}` });
  return { world, headers, call: (await asCaller(services, headers)).call };
}

/** What the table says somebody gets. */
function expected(access: string, who: Who): Outcome {
  if (access === 'public') return 'ok';
  if (who === 'stranger') return 'unauthenticated';
  if (access === 'self') return 'ok';
  if (access === 'session') return who === 'key' ? 'forbidden' : 'ok';
  const scope = access as Scope;
  if (!(scope in scopes)) throw new Error(`${access} is not in the table of scopes`);
  if (who === 'outsider') return 'not_found';
  if (who === 'key' && sessionOnly.has(scope)) return 'forbidden';
  const role: Role = who === 'key' ? 'admin' : who;
  return atLeast(role, scopes[scope]) ? 'ok' : 'forbidden';
}

const kept = new Map<Who, Promise<Stage>>();

/** @param changing whether the call may change something, so that the next one needs a fresh stage */
async function stageOf(who: Who, changing: boolean): Promise<Stage> {
  if (who === 'stranger') return { ...shared, headers: new Headers(), ...(await asCaller(services, new Headers())) };
  if (who === 'outsider') {
    const from = changing ? await owner(services, 'outsider') : outsider;
    return { ...shared, headers: from.headers, call: from.call };
  }
  if (changing) return stageFor(who);
  const stage = kept.get(who) ?? stageFor(who);
  kept.set(who, stage);
  return stage;
}

/** Runs one procedure; a subscription is read for a moment and then closed. */
async function runProcedure(
  call: Caller,
  path: string,
  input: unknown,
): Promise<{ outcome: Outcome; done: boolean; body: string }> {
  const procedure = path.split('.').reduce((at: unknown, name) => (at as Record<string, unknown>)[name], call);
  try {
    const result = await (procedure as (input: unknown) => Promise<unknown>)(input);
    if (result && typeof result === 'object' && Symbol.asyncIterator in result) {
      const first = (result as AsyncIterable<unknown>)[Symbol.asyncIterator]().next();
      const pause = new Promise((resolve) => setTimeout(resolve, 200, 'open'));
      return { outcome: 'ok', done: true, body: JSON.stringify(await Promise.race([first, pause])) };
    }
    return { outcome: 'ok', done: true, body: JSON.stringify(result) ?? '' };
  } catch (error) {
    const { code, message, cause } = error as { code?: string; message: string; cause?: unknown };
    const known: Record<string, Outcome> = {
      UNAUTHORIZED: 'unauthenticated',
      NOT_FOUND: 'not_found',
      FORBIDDEN: 'forbidden',
      // A stream fails with the verb's own error once it is read; over HTTP the formatter maps it.
      not_found: 'not_found',
      forbidden: 'forbidden',
      // Let in, and then told that the request does not fit what is there.
      CONFLICT: 'ok',
      BAD_REQUEST: 'ok',
      UNPROCESSABLE_CONTENT: 'ok',
    };
    return { outcome: known[code ?? ''] ?? 'fault', done: false, body: `${code}: ${message} ${cause ?? ''}` };
  }
}

/** Digest of every row that a refused call must not touch. */
async function everything(): Promise<string> {
  const tables = await services.db.execute<{ name: string }>(
    sql`select table_schema || '.' || table_name as name from information_schema.tables
        where table_type = 'BASE TABLE' and table_name not in ('audit_log', 'rate_limits', 'sessions', 'api_keys')
        and (table_schema = 'public' or table_name = 'job') order by 1`,
  );
  const digests = await Promise.all(
    tables.rows.map(async ({ name }) => {
      const rows = await services.db.execute<{ digest: string | null }>(
        sql`select md5(string_agg(t::text, '|' order by t::text)) as digest from ${sql.raw(name)} t`,
      );
      return `${name} ${rows.rows[0]?.digest}`;
    }),
  );
  return digests.join('\n');
}

/** How many entries of each kind were written to the audit log from a moment on. */
async function audited(since: Date): Promise<{ done: number; denied: number }> {
  const { rows } = await services.db.execute<{ done: number; denied: number }>(
    sql`select count(*) filter (where not denied)::int as done, count(*) filter (where denied)::int as denied from audit_log
        where created_at >= ${since.toISOString()}::timestamptz`,
  );
  return rows[0] ?? { done: 0, denied: 0 };
}

const leaks = (body: string, world: World): string[] =>
  Object.entries(world).flatMap(([name, id]) => (body.includes(id) ? [name] : []));

const procedures = Object.entries(appRouter._def.procedures as unknown as Record<string, AnyProcedure>);

describe('every procedure', () => {
  test('says who may call it, and the walk knows how', () => {
    const unknown = procedures.filter(([path]) => !(path in procedureInputs)).map(([path]) => path);
    expect(unknown).toEqual([]);
    const silent = procedures.filter(([, procedure]) => !(procedure._def.meta as Meta | undefined)?.access);
    expect(silent.map(([path]) => path)).toEqual([]);
    expect(procedures.length).toBeGreaterThan(40);
  });

  for (const [path, procedure] of procedures) {
    const { access } = procedure._def.meta as Meta;
    test(`${path} (${access})`, async () => {
      for (const who of people) {
        const wanted = expected(access, who);
        const stage = await stageOf(who, wanted === 'ok' && procedure._def.type === 'mutation');
        const outside = who === 'stranger' || who === 'outsider';
        // The holder of an invitation's token may use it; an outsider does not hold it.
        const world = outside ? { ...stage.world, invitationToken: 'guessed' } : stage.world;
        const before = wanted === 'ok' ? '' : await everything();
        // Entries of setting the stage lie in an earlier millisecond.
        await new Promise((resolve) => setTimeout(resolve, 2));
        const since = services.now();
        const { outcome, done, body } = await runProcedure(stage.call, path, procedureInputs[path]?.(world));
        const line = `${who}: ${outcome}`;
        if (outside && wanted === 'ok') {
          // Open to anybody about what is theirs: what belongs to others is not found and not shown.
          expect(['ok', 'not_found'], `${line} ${body}`).toContain(outcome);
          expect(leaks(body, shared.world), body).toEqual([]);
        } else {
          expect(line, body).toBe(`${who}: ${wanted}`);
        }
        if (wanted !== 'ok') {
          expect(leaks(body, stage.world), body).toEqual([]);
          expect(await everything(), `${who} changed something`).toBe(before);
        }
        const log = await audited(since);
        if (done && procedure._def.type === 'mutation') expect(log.done, 'no audit entry').toBeGreaterThan(0);
        if (wanted !== 'ok' && who !== 'stranger' && access in scopes)
          expect(log.denied, 'the refusal is not in the audit log').toBeGreaterThan(0);
      }
    });
  }
});

test('things of others cannot be smuggled in beside one’s own', async () => {
  const mine = await stageFor('owner');
  const theirs = shared.world;
  const { versionId, projectId, uploadId } = mine.world;
  const task = { target: 'good', kind: 'classification', metric: 'roc_auc', budgetSeconds: 60 } as const;
  const smuggled: [string, unknown][] = [
    ['search.start', { ...task, datasetVersionId: versionId, testVersionId: theirs.versionId }],
    ['dataset.judgeSplits', { versionId, target: 'good', testVersionId: theirs.versionId }],
    ['upload.finish', { id: uploadId, datasetId: theirs.datasetId }],
    ['member.setRole', { projectId, userId: theirs.memberId, role: 'admin' }],
    ['member.remove', { projectId, userId: theirs.memberId }],
    ['project.create', { workspaceId: theirs.workspaceId, name: 'x' }],
  ];
  for (const [path, input] of smuggled) {
    const before = await everything();
    const { outcome, done, body } = await runProcedure(mine.call, path, input);
    expect(done || outcome === 'fault', `${path} ${body}`).toBe(false);
    expect(await everything(), path).toBe(before);
  }
});

test('a guest of one project sees nothing of the others in its workspace', async () => {
  const home = await owner(services, 'host');
  const place = { workspaceId: home.workspaceId, projectId: home.projectId, ownerId: home.id, memberId: home.id };
  const world = await seedWorld(services, place, home.id);
  const { id: projectId } = await home.call.project.create({ workspaceId: home.workspaceId, name: 'Shared' });
  const guest = await member(services, 'guest', { workspaceId: home.workspaceId, projectId }, 'admin');
  const { ownerId: _owner, memberId: _member, workspaceId: _workspace, ...hidden } = world;
  for (const [path, procedure] of procedures) {
    const { access } = procedure._def.meta as Meta;
    if (access === 'public' || access === 'session') continue;
    const input =
      path === 'project.create' ? { workspaceId: home.workspaceId, name: 'x' } : procedureInputs[path]?.(world);
    const before = await everything();
    const { outcome, body } = await runProcedure(guest.call, path, input);
    expect(access === 'self' ? ['ok', 'not_found'] : ['not_found'], `${path} ${body}`).toContain(outcome);
    expect(leaks(body, hidden as World), `${path} ${body}`).toEqual([]);
    expect(await everything(), path).toBe(before);
  }
});

/** Folders below app/ that hold a route handler. */
function routeFolders(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return routeFolders(join(folder, entry.name));
    return /^route\.tsx?$/.test(entry.name) ? [join(folder, entry.name)] : [];
  });
}

type Handler = (request: Request, route: { params: Promise<unknown> }) => Promise<Response>;

async function runRoute(handler: Handler, method: string, folder: string, call: RouteCall, stage: Stage, world: World) {
  const params = call.params(world);
  const path = folder.replace(/\[(?:\.\.\.)?(\w+)\]/g, (_, name: string) => [params[name]].flat().join('/'));
  const query = call.query ? `?${call.query(world)}` : '';
  const headers = new Headers(stage.headers);
  const body = call.body?.(world);
  if (body !== undefined) headers.set('content-type', 'application/json');
  const request = new Request(`http://localhost:3000/api/${path}${query}`, {
    method,
    headers,
    ...(body !== undefined ? { body } : {}),
  });
  const response = await handler(request, { params: Promise.resolve(params) });
  const text = await response.text();
  const known: Record<number, Outcome> = { 401: 'unauthenticated', 403: 'forbidden', 404: 'not_found' };
  return {
    outcome: known[response.status] ?? (response.status >= 500 ? 'fault' : 'ok'),
    text,
    status: response.status,
  };
}

describe('every HTTP route', () => {
  const files = routeFolders(apiFolder);
  test('is known to the walk', () => {
    expect(files.map((file) => dirname(file).slice(join(apiFolder, 'api').length + 1)).sort()).toEqual(
      Object.keys(routeCalls).sort(),
    );
  });

  for (const file of files) {
    const folder = dirname(file).slice(join(apiFolder, 'api').length + 1);
    test(folder, async () => {
      const handlers = (await import(file)) as Record<string, Handler>;
      const known = routeCalls[folder] ?? {};
      expect(methods.filter((method) => method in handlers)).toEqual(Object.keys(known));
      for (const [method, calls] of Object.entries(known)) {
        const handler = handlers[method];
        if (!handler) throw new Error(`${folder} has no ${method}`);
        for (const call of calls) {
          for (const who of people) {
            const wanted = expected(call.access, who);
            const stage = await stageOf(who, wanted === 'ok' && method !== 'GET');
            const before = wanted === 'ok' ? '' : await everything();
            const got = await runRoute(handler, method, folder, call, stage, stage.world);
            expect(`${who} ${method}: ${got.outcome}`, `${got.status} ${got.text}`).toBe(`${who} ${method}: ${wanted}`);
            if (wanted !== 'ok') {
              expect(leaks(got.text, stage.world), got.text).toEqual([]);
              expect(await everything(), `${who} changed something`).toBe(before);
            }
          }
        }
      }
    });
  }

  test('refuses a change that another site makes a browser send', async () => {
    const stage = await stageFor('owner');
    for (const file of files) {
      const folder = dirname(file).slice(join(apiFolder, 'api').length + 1);
      // Auth.js has a token of its own against this.
      if (folder.startsWith('auth/[')) continue;
      const handlers = (await import(file)) as Record<string, Handler>;
      const headers = new Headers(stage.headers);
      headers.set('sec-fetch-site', 'cross-site');
      headers.set('origin', 'https://evil.example');
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        const handler = handlers[method];
        const call = routeCalls[folder]?.[method]?.[0];
        if (!handler || !call) continue;
        const before = await everything();
        const got = await runRoute(handler, method, folder, call, { ...stage, headers }, stage.world);
        expect(`${folder} ${got.outcome}`, got.text).toBe(`${folder} forbidden`);
        expect(await everything()).toBe(before);
      }
    }
  });
});
