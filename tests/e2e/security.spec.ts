/** What a real browser and a real server keep: isolation, the content policy, cookies, and other sites outside. */
import { expect, test } from '@playwright/test';
import { openFirstProject } from './people.ts';

test('every page is isolated and carries a policy whose nonce is new each time', async ({ request }) => {
  const nonces = new Set<string>();
  for (const path of ['/sign-in', '/sign-up', '/sign-in', '/nowhere']) {
    const response = await request.get(path);
    const headers = response.headers();
    expect(headers['cross-origin-opener-policy']).toBe('same-origin');
    expect(headers['cross-origin-embedder-policy']).toBe('require-corp');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['x-powered-by']).toBeUndefined();
    const policy = headers['content-security-policy'] ?? '';
    const scripts = policy.split('; ').find((part) => part.startsWith('script-src ')) ?? '';
    const nonce = /'nonce-([\w+/=]+)'/.exec(scripts)?.[1] ?? '';
    expect(nonce.length).toBeGreaterThanOrEqual(22);
    expect(scripts).not.toMatch(/unsafe-inline|unsafe-eval'(?<!wasm-unsafe-eval')|https?:|\*/);
    // Each script of the page, inline or not, carries this nonce.
    const tags = (await response.text()).match(/<script\b[^>]*>/g) ?? [];
    expect(tags.length).toBeGreaterThan(0);
    for (const tag of tags) expect(tag).toContain(`nonce="${nonce}"`);
    nonces.add(nonce);
  }
  expect(nonces.size).toBe(4);
});

test('no page breaks the policy, and each may use threads', async ({ page }) => {
  const broken: string[] = [];
  page.on('console', (message) => {
    if (/content security policy|refused to/i.test(message.text())) broken.push(message.text());
  });
  await openFirstProject(page);
  const project = new URL(page.url()).pathname;
  for (const path of [
    '/sign-in',
    project,
    '/projects',
    '/bank',
    '/team',
    '/activity',
    '/settings/keys',
    '/settings/account',
  ]) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    expect(await page.evaluate(() => crossOriginIsolated), path).toBe(true);
  }
  expect(broken).toEqual([]);
});

test('scripts cannot read the session, and other sites cannot use it', async ({ page, baseURL }) => {
  await openFirstProject(page);
  expect(await page.evaluate(() => document.cookie)).not.toContain('session-token');
  const [cookie] = (await page.context().cookies()).filter(({ name }) => name.endsWith('authjs.session-token'));
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax' });
  const projectId = page.url().split('/').at(-1) ?? '';
  const change = (headers: Record<string, string>) =>
    page.request.post('/api/trpc/project.rename', {
      data: { json: { id: projectId, name: 'Renamed from afar' } },
      headers,
    });
  expect((await change({ origin: 'https://evil.example' })).status()).toBe(403);
  expect((await change({ origin: baseURL ?? '' })).status()).toBe(200);
});

test('strangers get no data and no hint of what exists', async ({ page, playwright, baseURL }) => {
  await openFirstProject(page);
  const projectId = page.url().split('/').at(-1) ?? '';
  const stranger = await playwright.request.newContext({ baseURL: baseURL ?? '' });
  const input = (id: string) => `?input=${encodeURIComponent(JSON.stringify({ json: { id } }))}`;
  const real = await stranger.get(`/api/trpc/project.get${input(projectId)}`);
  const invented = await stranger.get(`/api/trpc/project.get${input(crypto.randomUUID())}`);
  expect(real.status()).toBe(401);
  expect(await real.text()).toBe(await invented.text());
  for (const path of [`/projects/${projectId}`, '/settings/keys', '/team', '/bank']) {
    const response = await stranger.get(path, { maxRedirects: 0 });
    expect(await response.text()).not.toContain('First project');
  }
  await stranger.dispose();
});
