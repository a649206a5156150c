/** A tab lent to a running search: it trains there, the server scores, and nothing is lost when it goes. */
import { expect, type Page, test } from '@playwright/test';
import type { TrialView } from '#core/contracts/views.ts';
import { expectFitsEverywhere } from './axe.ts';
import { startSearch, trialCount } from './searching.ts';

const card = (page: Page) => page.getByRole('region', { name: 'Lend this tab' });
const lend = (page: Page) => card(page).getByRole('button', { name: 'Lend this tab' });
const stop = (page: Page) => card(page).getByRole('button', { name: 'Stop lending' });
const results = (page: Page) => card(page).getByRole('list', { name: 'Trials of this tab' });

/** The trials as the server has them; `url` is the search's page. */
async function trialsOf(page: Page, url = page.url()): Promise<TrialView[]> {
  const id = /searches\/([0-9a-f-]{36})/.exec(url)?.[1] ?? '';
  const input = encodeURIComponent(JSON.stringify({ json: { id } }));
  const response = await page.request.get(`/api/trpc/search.trials?input=${input}`);
  const body: { result: { data: { json: TrialView[] } } } = await response.json();
  return body.result.data.json;
}

const inTabs = async (page: Page, url?: string) =>
  (await trialsOf(page, url)).filter(({ tab, state }) => tab && state === 'running');

/** A search that already has trials, on its live page. */
async function searching(page: Page, seconds: number): Promise<void> {
  await startSearch(page, seconds);
  await expect.poll(() => trialCount(page), { timeout: 60_000 }).toBeGreaterThan(1);
}

/** Waits until a network trains here: these take seconds, so that there is time to interrupt one. */
async function trainingNetwork(page: Page): Promise<void> {
  await expect(card(page)).toContainText(/epoch [\d,]+ · step [\d,]+ of [\d,]+/, { timeout: 90_000 });
}

test('a lent tab trains trials that count, with their origin and device', async ({ page }) => {
  await searching(page, 75);
  await lend(page).click();
  await expect(card(page)).toContainText('This tab is lent');
  await expect(
    results(page)
      .getByRole('listitem')
      .filter({ hasText: 'ROC AUC' })
      .or(
        results(page)
          .getByRole('listitem')
          .filter({ hasText: /0\.\d{3}/ }),
      )
      .first(),
  ).toBeVisible({ timeout: 60_000 });
  await expectFitsEverywhere(page);
  await trainingNetwork(page);
  await expect(card(page)).toContainText(/steps\/s/);
  await expect(card(page).getByRole('img', { name: /^training loss of this fold, now [\d.e-]+$/ })).toBeVisible();

  await expect
    .poll(async () => (await trialsOf(page)).filter(({ tab, state }) => tab && state === 'done').length)
    .toBeGreaterThan(0);
  const [kept] = (await trialsOf(page)).filter(({ tab, state }) => tab && state === 'done');
  expect(kept?.device).toMatch(/^tab .*(Chrome|Chromium) \d+ · WASM, \d threads?$/);
  expect(kept?.score).toBeGreaterThan(0);

  await stop(page).click();
  await expect(card(page)).toContainText('You stopped lending this tab.');
  await expect.poll(() => inTabs(page)).toEqual([]);
  await page.getByRole('searchbox', { name: 'Filter trials' }).fill(`#${kept?.number} tab`);
  await page.getByRole('grid', { name: 'Trials' }).locator('tr[data-row="0"]').click();
  const inspector = page.getByRole('complementary', { name: `Trial ${kept?.number}` });
  await expect(inspector).toContainText(kept?.device ?? 'no device');
});

test('stopping hands the trial back, and closing the tab does too, at once', async ({ page, context }) => {
  await searching(page, 120);
  const url = page.url();
  await lend(page).click();
  await trainingNetwork(page);
  const [first] = await inTabs(page);
  await stop(page).click();
  await expect(card(page)).toContainText('You stopped lending this tab.');
  const returned = (await trialsOf(page)).find(({ id }) => id === first?.id);
  expect(returned).toMatchObject({ tab: false });
  expect(['queued', 'running', 'done']).toContain(returned?.state);

  await lend(page).click();
  await trainingNetwork(page);
  const [second] = await inTabs(page);
  expect(second).toBeDefined();
  const other = await context.newPage();
  await other.goto('/projects');
  await page.close({ runBeforeUnload: true });
  // Ten seconds of silence would free it anyway: this is sooner.
  await expect.poll(() => inTabs(other, url), { timeout: 6000 }).toEqual([]);
  // Nothing is lost: a worker finishes it.
  await expect
    .poll(async () => (await trialsOf(other, url)).find(({ id }) => id === second?.id)?.state, { timeout: 90_000 })
    .toMatch(/done|failed|timed_out/);
});

test('a model that was tampered with is refused in a plain line', async ({ page }) => {
  await page.route('**/api/lend/model/**', async (route) => {
    const body = route.request().postDataBuffer() ?? Buffer.alloc(0);
    // The last bytes lie inside the arrays: other weights than the predictions were made with.
    body.fill(0x3f, Math.max(0, body.length - Math.floor(body.length / 3)));
    await route.continue({ postData: body });
  });
  await searching(page, 60);
  await lend(page).click();
  const refused = results(page).getByRole('listitem').filter({ hasText: 'refused' }).first();
  await expect(refused).toBeVisible({ timeout: 60_000 });
  await expect(refused).toContainText(/\.$/);
  await page.getByRole('tab', { name: 'Log' }).click();
  await expect(page.getByRole('table', { name: 'Log' })).toContainText('was refused');
  await expect.poll(async () => (await trialsOf(page)).filter(({ tab, state }) => tab && state === 'done')).toEqual([]);
});
