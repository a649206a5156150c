/** Signing up, in and out by password, sessions, limits, resets and deletion, on a real database. */
import { eq, like } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { auditLog, rateLimits, sessions, users } from '#db/schema/accounts.ts';
import { projects, workspaces } from '#db/schema/workspaces.ts';
import { createAdapter } from '#server/auth/adapter.ts';
import { sessionCookie, sessionCookieName } from '#server/auth/cookies.ts';
import { createResetLink, resetPassword, setPassword } from '#server/auth/reset-password.ts';
import { createSession, readSession } from '#server/auth/session.ts';
import { signIn } from '#server/auth/sign-in.ts';
import { signUp } from '#server/auth/sign-up.ts';
import { asCaller, member, owner } from './people.ts';
import { openTestServices, type TestServices } from './services.ts';

let services: TestServices;
beforeAll(async () => {
  services = await openTestServices();
});
afterAll(() => services.close());

const password = 'correct horse battery';
const account = (name: string) => ({ email: `${name}@Example.org`, password, name });
const cookieOf = (token: string) => new Headers({ cookie: `${sessionCookieName(services.config)}=${token}` });

describe('sign-up', () => {
  test('makes a workspace, a first project with a sample, and a session', async () => {
    const made = await signUp(services, account('ada'), '10.0.0.1');
    const { call } = await asCaller(services, cookieOf(made.token));
    const { user } = await call.account.me();
    expect(user).toMatchObject({ email: 'ada@example.org', name: 'ada', hasPassword: true });
    const [project] = await call.project.list();
    expect(project).toMatchObject({ name: 'First project', role: 'owner', datasets: 1 });
  });

  test('stores argon2id and no token in clear', async () => {
    const made = await signUp(services, account('hash'), '10.0.0.1');
    const [row] = await services.db.select().from(users).where(eq(users.id, made.userId));
    expect(row?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    const stored = await services.db.select().from(sessions).where(eq(sessions.userId, made.userId));
    expect(stored).toHaveLength(1);
    expect(stored[0]?.sessionToken).not.toContain(made.token);
  });

  test('refuses a mail that has an account, in any case of letters', async () => {
    await signUp(services, account('twice'), '10.0.0.1');
    await expect(signUp(services, { ...account('TWICE') }, '10.0.0.1')).rejects.toMatchObject({ code: 'conflict' });
  });

  test.each([
    ['a short password', { email: 'a@example.org', password: 'short' }],
    ['one repeated letter', { email: 'a@example.org', password: 'aaaaaaaaaaaa' }],
    ['no mail', { email: 'nobody', password }],
    ['a line break in the name', { email: 'a@example.org', password, name: 'x\r\nSet-Cookie: a=b' }],
  ])('refuses %s', async (_, input) => {
    await expect(signUp(services, input, '10.0.0.1')).rejects.toThrow();
  });
});

describe('sign-in', () => {
  test('opens a session with the right password only, and answers alike for unknown mails', async () => {
    await signUp(services, account('eve'), '10.0.0.1');
    const good = await signIn(services, { email: ' EVE@example.org ', password }, '10.0.0.2');
    expect(await readSession(services.db, good.token, services.now())).toMatchObject({ userId: good.userId });
    const wrong = signIn(services, { email: 'eve@example.org', password: 'wrong' }, '10.0.0.2');
    const unknown = signIn(services, { email: 'nobody@example.org', password: 'wrong' }, '10.0.0.2');
    const [a, b] = await Promise.allSettled([wrong, unknown]);
    expect(a.status).toBe('rejected');
    expect(String((a as PromiseRejectedResult).reason)).toBe(String((b as PromiseRejectedResult).reason));
  });

  test('takes as long for an unknown mail as for a wrong password', async () => {
    await signUp(services, account('time'), '10.0.0.1');
    const medianOf = async (mail: (n: number) => string) => {
      const times: number[] = [];
      for (let n = 0; n < 7; n++) {
        const started = performance.now();
        await signIn(services, { email: mail(n), password: 'wrong' }, `10.9.0.${n}`).catch(() => undefined);
        times.push(performance.now() - started);
      }
      return times.sort((x, y) => x - y)[3] ?? 0;
    };
    const known = await medianOf(() => 'time@example.org');
    const unknown = await medianOf((n) => `ghost${n}@example.org`);
    // Without the decoy hash the unknown mail answers about ten times faster.
    expect(unknown).toBeGreaterThan(known / 3);
  });

  test('stops guessing after ten tries, lets it go on when the window is over, and keeps no address', async () => {
    await signUp(services, account('guess'), '10.0.0.1');
    const attempt = (pass: string) => signIn(services, { email: 'guess@example.org', password: pass }, '10.0.0.3');
    for (let n = 0; n < 10; n++) await expect(attempt(`no ${n}`)).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(attempt(password)).rejects.toMatchObject({
      code: 'rate_limited',
      detail: { retryAfterSeconds: expect.any(Number) },
    });
    expect(await services.db.select().from(rateLimits).where(like(rateLimits.key, '%guess%'))).toEqual([]);
    services.advance(15 * 60 + 1);
    await expect(attempt(password)).resolves.toMatchObject({ userId: expect.any(String) });
  });
});

describe('sessions', () => {
  test('end when they expire', async () => {
    const who = await owner(services, 'late');
    const { token } = await createSession(services.db, who.id, services.now());
    const later = new Date(services.now().getTime() + 31 * 24 * 3600 * 1000);
    expect(await readSession(services.db, token, later)).toBeNull();
  });

  test('have Auth.js’s cookie: plain over http, __Secure- over https', () => {
    const at = new Date(0);
    expect(sessionCookie({ publicUrl: 'http://localhost:3000' }, 't', at)).toBe(
      'authjs.session-token=t; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Lax',
    );
    expect(sessionCookie({ publicUrl: 'https://ws.example.org' }, 't', at)).toMatch(
      /^__Secure-authjs\.session-token=t; .*; Secure$/,
    );
  });

  test('are shared with Auth.js through its adapter', async () => {
    const who = await owner(services, 'both');
    const adapter = createAdapter(services.db);
    const { token } = await createSession(services.db, who.id, services.now());
    const found = await adapter.getSessionAndUser?.(token);
    expect(found).toMatchObject({ session: { sessionToken: token }, user: { id: who.id } });
    const expires = new Date(services.now().getTime() + 60_000);
    await adapter.createSession?.({ sessionToken: 'made-by-authjs', userId: who.id, expires });
    expect(await readSession(services.db, 'made-by-authjs', services.now())).toMatchObject({ userId: who.id });
    await adapter.deleteSession?.('made-by-authjs');
    expect(await readSession(services.db, 'made-by-authjs', services.now())).toBeNull();
  });

  test('and the password of an unproven mail end when its holder proves it by a link', async () => {
    const squatter = await signUp(services, account('squat'), '10.0.0.1');
    await createAdapter(services.db).updateUser?.({ id: squatter.userId, emailVerified: new Date() });
    expect(await readSession(services.db, squatter.token, services.now())).toBeNull();
    await expect(signIn(services, { email: 'squat@example.org', password }, '10.0.0.4')).rejects.toMatchObject({
      code: 'unauthenticated',
    });
  });
});

describe('passwords', () => {
  test('change signs other browsers out and asks for the current one', async () => {
    const made = await signUp(services, account('change'), '10.0.0.1');
    const other = await signIn(services, { email: 'change@example.org', password }, '10.0.0.1');
    const { call } = await asCaller(services, cookieOf(made.token));
    await expect(call.account.changePassword({ current: 'wrong', next: 'another pass' })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    });
    await call.account.changePassword({ current: password, next: 'another pass' });
    expect(await readSession(services.db, other.token, services.now())).toBeNull();
    expect(await readSession(services.db, made.token, services.now())).not.toBeNull();
    await signIn(services, { email: 'change@example.org', password: 'another pass' }, '10.0.0.1');
  });

  test('reset by a link that works once, within an hour', async () => {
    const made = await signUp(services, account('reset'), '10.0.0.1');
    const first = await createResetLink(services, 'reset@example.org');
    const second = await createResetLink(services, 'RESET@example.org');
    const tokenOf = (link: string) => new URL(link).searchParams.get('token') ?? '';
    const use = (link: string) =>
      resetPassword(services, { token: tokenOf(link), password: 'brand new pass' }, '10.0.0.5');
    await expect(use(first)).rejects.toMatchObject({ code: 'not_found' });
    await use(second);
    await expect(use(second)).rejects.toMatchObject({ code: 'not_found' });
    expect(await readSession(services.db, made.token, services.now())).toBeNull();
    await signIn(services, { email: 'reset@example.org', password: 'brand new pass' }, '10.0.0.5');
    const third = await createResetLink(services, 'reset@example.org');
    services.advance(3601);
    await expect(use(third)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('are set by whoever runs the server', async () => {
    await signUp(services, account('direct'), '10.0.0.1');
    await setPassword(services, 'direct@example.org', 'set by the admin');
    await signIn(services, { email: 'direct@example.org', password: 'set by the admin' }, '10.0.0.6');
    await expect(createResetLink(services, 'nobody@example.org')).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('deleting an account', () => {
  test('takes its own workspace and blobs along', async () => {
    const made = await signUp(services, account('gone'), '10.0.0.1');
    const { call } = await asCaller(services, cookieOf(made.token));
    const [project] = await call.project.list();
    await expect(call.account.deleteAccount({ password: 'wrong' })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await call.account.deleteAccount({ password });
    expect(await services.db.select().from(users).where(eq(users.id, made.userId))).toEqual([]);
    expect(
      await services.db
        .select()
        .from(projects)
        .where(eq(projects.id, project?.id ?? '')),
    ).toEqual([]);
    expect(
      await services.db
        .select()
        .from(workspaces)
        .where(eq(workspaces.id, project?.workspaceId ?? '')),
    ).toEqual([]);
    const log = await services.db
      .select()
      .from(auditLog)
      .where(eq(auditLog.subject, `user:${made.userId}`));
    expect(log.map((entry) => entry.action)).toContain('account.delete');
  });

  test('is refused while others work in a workspace that only it owns', async () => {
    const boss = await owner(services, 'boss');
    const colleague = await member(services, 'colleague', { workspaceId: boss.workspaceId, projectId: null }, 'editor');
    await expect(boss.call.account.deleteAccount({})).rejects.toMatchObject({ code: 'CONFLICT' });
    await boss.call.member.setRole({ projectId: boss.projectId, userId: colleague.id, role: 'owner' });
    await boss.call.account.deleteAccount({});
    expect(await colleague.call.project.get({ id: boss.projectId })).toMatchObject({ role: 'owner' });
  });
});
