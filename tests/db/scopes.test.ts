/** Roles, members, invitations, API keys and the audit log, on a real database. */
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiKeys, auditLog } from '#db/schema/accounts.ts';
import { invitations, memberships } from '#db/schema/workspaces.ts';
import { appendEvent, openEventHub } from '#server/events/index.ts';
import { atLeast, authorize, memberRole, type Role, roleRank, type Scope, scopes } from '#server/services/scopes.ts';
import { followSearch } from '#server/services/search/follow.ts';
import { asCaller, member, owner, type Person, person } from './people.ts';
import { openTestServices, type TestServices } from './services.ts';
import { seedWorld } from './world.ts';

let services: TestServices;
let boss: Awaited<ReturnType<typeof owner>>;
let place: { workspaceId: string; projectId: string };
beforeAll(async () => {
  services = await openTestServices();
  boss = await owner(services, 'boss');
  place = { workspaceId: boss.workspaceId, projectId: boss.projectId };
});
afterAll(() => services.close());

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'ok',
    (error: { code?: string }) => error.code ?? 'fault',
  );
const denials = (subject: string) =>
  services.db
    .select()
    .from(auditLog)
    .where(and(eq(auditLog.subject, subject), eq(auditLog.denied, true)));

describe('authorize', () => {
  test('follows the table for every scope and role, in a project and in the whole workspace', async () => {
    for (const role of Object.keys(roleRank) as Role[]) {
      for (const projectId of [place.projectId, null]) {
        const who = await member(services, role, { ...place, projectId }, role);
        for (const scope of Object.keys(scopes) as Scope[]) {
          const may = await codeOf(authorize(who.ctx.service, scope, { projectId: place.projectId }));
          expect(`${role} ${scope} ${may}`).toBe(
            `${role} ${scope} ${atLeast(role, scopes[scope]) ? 'ok' : 'forbidden'}`,
          );
        }
      }
    }
  });

  test('takes the higher of the roles in project and workspace', async () => {
    const who = await member(services, 'two', { ...place, projectId: null }, 'viewer');
    await services.db.insert(memberships).values({ userId: who.id, ...place, role: 'admin' });
    expect(await memberRole(services.db, who.id, place)).toBe('admin');
    expect(await memberRole(services.db, who.id, { ...place, projectId: null })).toBe('viewer');
  });

  test('does not tell others’ things from missing ones, and notes the attempt', async () => {
    const other = await owner(services, 'other');
    const target = { projectId: place.projectId };
    const seen = await authorize(other.ctx.service, 'project.read', target).catch((error: Error) => error);
    const missing = await authorize(other.ctx.service, 'project.read', { projectId: crypto.randomUUID() }).catch(
      (error: Error) => error,
    );
    const malformed = await authorize(other.ctx.service, 'project.read', { projectId: "'; drop table users" }).catch(
      (error: Error) => error,
    );
    expect(seen).toMatchObject({ code: 'not_found' });
    expect(String(seen)).toBe(String(missing));
    expect(String(seen)).toBe(String(malformed));
    const noted = await denials(`project:${place.projectId}`);
    expect(noted.some((entry) => entry.userId === other.id && entry.workspaceId === place.workspaceId)).toBe(true);
  });
});

describe('members', () => {
  test('are listed with the role that counts and where it comes from', async () => {
    const home = await owner(services, 'lister');
    const spot = { workspaceId: home.workspaceId, projectId: home.projectId };
    const guest = await member(services, 'guest', spot, 'editor');
    const rows = await guest.call.member.list({ projectId: home.projectId });
    expect(rows.map((row) => [row.name, row.role, row.inherited])).toEqual([
      ['lister', 'owner', true],
      ['guest', 'editor', false],
    ]);
  });

  test('the last owner can neither leave nor be demoted, also when two do it at once', async () => {
    const home = await owner(services, 'last');
    const at = { projectId: home.projectId };
    expect(await codeOf(home.call.member.leave(at))).toBe('CONFLICT');
    expect(await codeOf(home.call.member.remove({ ...at, userId: home.id }))).toBe('CONFLICT');
    expect(await codeOf(home.call.member.setRole({ ...at, userId: home.id, role: 'admin' }))).toBe('CONFLICT');
    const second = await member(services, 'second', { workspaceId: home.workspaceId, projectId: null }, 'owner');
    const both = await Promise.all([codeOf(home.call.member.leave(at)), codeOf(second.call.member.leave(at))]);
    expect(both.sort()).toEqual(['CONFLICT', 'ok']);
  });

  test('nobody reaches above themselves', async () => {
    const home = await owner(services, 'top');
    const at = { projectId: home.projectId };
    const spot = { workspaceId: home.workspaceId, projectId: home.projectId };
    const admin = await member(services, 'admin', spot, 'admin');
    const wholeAdmin = await member(services, 'whole', { ...spot, projectId: null }, 'admin');
    const viewer = await member(services, 'viewer', spot, 'viewer');
    const setRole = (by: Person, userId: string, role: Role) => codeOf(by.call.member.setRole({ ...at, userId, role }));
    expect(await setRole(admin, home.id, 'viewer')).toBe('FORBIDDEN');
    expect(await setRole(wholeAdmin, home.id, 'viewer')).toBe('FORBIDDEN');
    expect(await setRole(admin, admin.id, 'owner')).toBe('FORBIDDEN');
    expect(await setRole(wholeAdmin, wholeAdmin.id, 'owner')).toBe('FORBIDDEN');
    expect(await setRole(admin, wholeAdmin.id, 'viewer')).toBe('FORBIDDEN');
    expect(await codeOf(admin.call.member.remove({ ...at, userId: home.id }))).toBe('FORBIDDEN');
    expect(await setRole(admin, viewer.id, 'admin')).toBe('ok');
    expect(await setRole(viewer, admin.id, 'viewer')).toBe('ok');
    expect(await setRole(home, wholeAdmin.id, 'viewer')).toBe('ok');
    expect(await memberRole(services.db, wholeAdmin.id, spot)).toBe('viewer');
  });

  test('lose all access when removed, and so do their keys and open invitations', async () => {
    const home = await owner(services, 'remover');
    const admin = await member(services, 'removed', { workspaceId: home.workspaceId, projectId: null }, 'admin');
    const { key } = await admin.call.apiKey.create({ workspaceId: home.workspaceId, name: 'k', role: 'admin' });
    const { url } = await admin.call.invitation.create({ projectId: home.projectId, role: 'viewer' });
    const byKey = await asCaller(services, new Headers({ authorization: `Bearer ${key}` }));
    expect(await codeOf(byKey.call.project.get({ id: home.projectId }))).toBe('ok');
    await home.call.member.remove({ projectId: home.projectId, userId: admin.id });
    expect(await codeOf(admin.call.project.get({ id: home.projectId }))).toBe('NOT_FOUND');
    expect(await codeOf(byKey.call.project.get({ id: home.projectId }))).toBe('NOT_FOUND');
    const guest = await person(services, 'late');
    expect(await codeOf(guest.call.invitation.accept({ token: tokenOf(url) }))).toBe('NOT_FOUND');
  });
});

const tokenOf = (url: string) => url.slice(url.lastIndexOf('/') + 1);

describe('invitations', () => {
  const invite = async (input: { role: 'viewer' | 'editor' | 'admin'; email?: string }) =>
    tokenOf((await boss.call.invitation.create({ projectId: place.projectId, ...input })).url);

  test('let one person in, once, and answer the same when repeated', async () => {
    const token = await invite({ role: 'editor' });
    const stored = await services.db.select().from(invitations);
    expect(JSON.stringify(stored)).not.toContain(token);
    const guest = await person(services, 'guest');
    expect(await guest.call.invitation.preview({ token })).toMatchObject({ role: 'editor', inviter: 'boss' });
    expect(await guest.call.invitation.accept({ token })).toEqual({ projectId: place.projectId });
    expect(await guest.call.invitation.accept({ token })).toEqual({ projectId: place.projectId });
    expect(await memberRole(services.db, guest.id, place)).toBe('editor');
    const thief = await person(services, 'thief');
    expect(await codeOf(thief.call.invitation.accept({ token }))).toBe('CONFLICT');
  });

  test('go to exactly one of two people who accept at once', async () => {
    const token = await invite({ role: 'viewer' });
    const [a, b] = [await person(services, 'a'), await person(services, 'b')];
    const outcomes = await Promise.all([a, b].map((who) => codeOf(who.call.invitation.accept({ token }))));
    expect(outcomes.sort()).toEqual(['CONFLICT', 'ok']);
  });

  test('never lower a role', async () => {
    const token = await invite({ role: 'viewer' });
    await boss.call.invitation.accept({ token });
    expect(await memberRole(services.db, boss.id, place)).toBe('owner');
  });

  test('bound to an address open for that address only', async () => {
    const right = await person(services, 'right');
    const wrong = await person(services, 'wrong');
    const token = await invite({ role: 'viewer', email: right.email.toUpperCase() });
    expect(await codeOf(wrong.call.invitation.accept({ token }))).toBe('FORBIDDEN');
    expect(await codeOf(right.call.invitation.accept({ token }))).toBe('ok');
  });

  test('end by revocation and by time', async () => {
    const made = await boss.call.invitation.create({ projectId: place.projectId, role: 'viewer' });
    await boss.call.invitation.revoke({ id: made.id });
    const guest = await person(services, 'guest');
    expect(await codeOf(guest.call.invitation.accept({ token: tokenOf(made.url) }))).toBe('NOT_FOUND');
    const token = await invite({ role: 'viewer' });
    await services.db
      .update(invitations)
      .set({ expiresAt: new Date(services.now().getTime() - 1000) })
      .where(eq(invitations.projectId, place.projectId));
    expect(await codeOf(guest.call.invitation.accept({ token }))).toBe('NOT_FOUND');
    expect(await codeOf(guest.call.invitation.preview({ token: 'guess' }))).toBe('NOT_FOUND');
  });
});

describe('API keys', () => {
  const bearer = (key: string) => asCaller(services, new Headers({ authorization: `Bearer ${key}` }));

  test('are shown once, stored hashed, and open one workspace with one role', async () => {
    const second = await owner(services, 'second');
    await services.db
      .insert(memberships)
      .values({ userId: boss.id, workspaceId: second.workspaceId, projectId: null, role: 'admin' });
    const { key } = await boss.call.apiKey.create({ workspaceId: place.workspaceId, name: 'ci', role: 'editor' });
    expect(key).toMatch(/^ws_[\w-]{43}$/);
    expect(JSON.stringify(await services.db.select().from(apiKeys))).not.toContain(key);
    const { call } = await bearer(key);
    expect((await call.project.list()).map((project) => [project.id, project.role])).toEqual([
      [place.projectId, 'editor'],
    ]);
    expect((await call.workspace.list()).map((workspace) => workspace.role)).toEqual(['editor']);
    expect(await codeOf(call.project.get({ id: second.projectId }))).toBe('NOT_FOUND');
    expect(await codeOf(call.project.rename({ id: place.projectId, name: 'x' }))).toBe('FORBIDDEN');
  });

  test('cannot mint access or touch the account', async () => {
    const { key } = await boss.call.apiKey.create({ workspaceId: place.workspaceId, name: 'ci', role: 'admin' });
    const { call } = await bearer(key);
    expect(await codeOf(call.apiKey.create({ workspaceId: place.workspaceId, name: 'x', role: 'viewer' }))).toBe(
      'FORBIDDEN',
    );
    expect(await codeOf(call.invitation.create({ projectId: place.projectId, role: 'viewer' }))).toBe('FORBIDDEN');
    expect(await codeOf(call.account.changePassword({ next: 'a new password' }))).toBe('FORBIDDEN');
    expect(await codeOf(call.project.rename({ id: place.projectId, name: 'By key' }))).toBe('ok');
    const log = await boss.call.audit.list({ projectId: place.projectId });
    expect(log.rows.find((row) => row.action === 'project.rename')).toMatchObject({ via: 'key', denied: false });
  });

  test('never hold more than their maker, when made and when used', async () => {
    const who = await member(services, 'maker', { ...place, projectId: null }, 'editor');
    const make = (role: 'viewer' | 'editor' | 'admin') =>
      who.call.apiKey.create({ workspaceId: place.workspaceId, name: 'k', role });
    expect(await codeOf(make('admin'))).toBe('FORBIDDEN');
    const { call } = await bearer((await make('editor')).key);
    expect(await codeOf(call.project.create({ workspaceId: place.workspaceId, name: 'by key' }))).toBe('ok');
    await boss.call.member.setRole({ projectId: place.projectId, userId: who.id, role: 'viewer' });
    expect(await codeOf(call.project.create({ workspaceId: place.workspaceId, name: 'again' }))).toBe('FORBIDDEN');
  });

  test('end by revocation and by time, and then no cookie helps', async () => {
    const made = await boss.call.apiKey.create({ workspaceId: place.workspaceId, name: 'k', role: 'viewer' });
    const stranger = await member(services, 'peer', { ...place, projectId: null }, 'editor');
    expect(await codeOf(stranger.call.apiKey.revoke({ id: made.id }))).toBe('FORBIDDEN');
    await boss.call.apiKey.revoke({ id: made.id });
    expect(await codeOf((await bearer(made.key)).call.project.list())).toBe('UNAUTHORIZED');
    const headers = new Headers(boss.headers);
    headers.set('authorization', `Bearer ${made.key}`);
    expect(await codeOf((await asCaller(services, headers)).call.project.list())).toBe('UNAUTHORIZED');
    const short = await boss.call.apiKey.create({
      workspaceId: place.workspaceId,
      name: 'k',
      role: 'viewer',
      expiresDays: 1,
    });
    services.advance(24 * 3600 + 1);
    expect(await codeOf((await bearer(short.key)).call.project.list())).toBe('UNAUTHORIZED');
  });
});

describe('other sites', () => {
  const from = async (extra: Record<string, string>) => {
    const headers = new Headers(boss.headers);
    for (const [name, value] of Object.entries(extra)) headers.set(name, value);
    const { call } = await asCaller(services, headers);
    return codeOf(call.project.rename({ id: place.projectId, name: 'renamed' }));
  };
  test.each([
    [{ 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, 'FORBIDDEN'],
    [{ 'sec-fetch-site': 'same-site' }, 'FORBIDDEN'],
    [{ origin: 'https://evil.example' }, 'FORBIDDEN'],
    [{ origin: 'null' }, 'FORBIDDEN'],
    [{ 'sec-fetch-site': 'same-origin', origin: 'http://localhost:3000' }, 'ok'],
    [{ origin: 'http://127.0.0.1:4000', host: '127.0.0.1:4000' }, 'ok'],
    [{}, 'ok'],
  ])('cannot make a browser change things: %j', async (headers, outcome) => {
    expect(await from(headers as Record<string, string>)).toBe(outcome);
  });
});

describe('the audit log', () => {
  test('pages from new to old without losing or doubling a row', async () => {
    const home = await owner(services, 'audited');
    for (let n = 0; n < 120; n++) await home.call.project.rename({ id: home.projectId, name: `name ${n}` });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { rows: { id: string }[]; nextCursor: string | null } = await home.call.audit.list({
        projectId: home.projectId,
        cursor,
      });
      seen.push(...page.rows.map((row) => row.id));
      cursor = page.nextCursor;
    } while (cursor);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength(121);
    expect(await codeOf(home.call.audit.list({ projectId: home.projectId, cursor: 'x_y' }))).toBe('BAD_REQUEST');
  });

  test('of a project does not show the rest of the workspace to its own admins', async () => {
    const home = await owner(services, 'private');
    const admin = await member(
      services,
      'local',
      { workspaceId: home.workspaceId, projectId: home.projectId },
      'admin',
    );
    await home.call.workspace.rename({ id: home.workspaceId, name: 'New name' });
    const actionsFor = async (who: Person) =>
      (await who.call.audit.list({ projectId: home.projectId })).rows.map((row) => row.action);
    expect(await actionsFor(home)).toContain('workspace.rename');
    expect(await actionsFor(admin)).not.toContain('workspace.rename');
  });
});

test('a stream of events ends for a member who was removed', async () => {
  const home = await owner(services, 'streamer');
  const spot = { workspaceId: home.workspaceId, projectId: home.projectId, ownerId: home.id, memberId: home.id };
  const { searchId } = await seedWorld(services, spot, home.id);
  const guest = await member(
    services,
    'watcher',
    { workspaceId: home.workspaceId, projectId: home.projectId },
    'viewer',
  );
  const hub = openEventHub(services.config.databaseUrl);
  const stop = new AbortController();
  const tell = () =>
    services.db.transaction((tx) => appendEvent(tx, searchId, 'log', { level: 'info', message: 'still running' }));
  try {
    const events = followSearch(guest.ctx.service, hub, { id: searchId, afterNumber: 0 }, stop.signal);
    await tell();
    expect((await events.next()).value).toMatchObject({ kind: 'log' });
    await home.call.member.remove({ projectId: home.projectId, userId: guest.id });
    services.advance(16);
    const next = events.next();
    await tell();
    await expect(next).rejects.toMatchObject({ code: 'not_found' });
  } finally {
    stop.abort();
    await hub.close();
  }
});
