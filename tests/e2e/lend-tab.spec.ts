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

// A busy machine trains slowly, and a search that is over trains nothing.
test.describe.configure({ timeout: 360_000 });
let searchUrl = '';

/** A search that already has trials, on its live page. */
async function searching(page: Page): Promise<void> {
  await startSearch(page, 300);
  searchUrl = page.url();
  await expect.poll(() => trialCount(page), { timeout: 90_000 }).toBeGreaterThan(1);
}

// What one test leaves running would slow the next one down.
test.afterEach(async ({ context }) => {
  const id = /searches\/([0-9a-f-]{36})/.exec(searchUrl)?.[1];
  await context.request.post('/api/trpc/search.cancel', { data: { json: { id } } });
});

/** Waits until a trial trains in the tab, and says which. */
async function training(page: Page): Promise<string> {
  await expect(card(page)).toContainText(/folds? \d+( to \d+)? of \d+/, { timeout: 120_000 });
  await expect.poll(async () => (await inTabs(page)).length, { timeout: 60_000 }).toBe(1);
  return (await inTabs(page))[0]?.id ?? '';
}

const doneInTabs = async (page: Page) => (await trialsOf(page)).filter(({ tab, state }) => tab && state === 'done');

test('a lent tab trains trials that count, with their origin and device', async ({ page }) => {
  await searching(page);
  await lend(page).click();
  await expect(card(page)).toContainText('This tab is lent');
  await expect(
    results(page)
      .getByRole('listitem')
      .filter({ hasText: /\d\.\d{3}/ })
      .first(),
  ).toBeVisible({
    timeout: 120_000,
  });
  await expectFitsEverywhere(page);
  // A network shows its epochs, its rate and its loss while it trains.
  await expect(card(page)).toContainText(/steps\/s.*epoch [\d,]+ · step [\d,]+ of [\d,]+/, { timeout: 180_000 });
  await expect(
    card(page).getByRole('img', { name: /^training loss of (this fold|these folds), now [\d.e-]+$/ }),
  ).toBeVisible();
  const [kept] = await doneInTabs(page);
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
  await searching(page);
  await lend(page).click();
  await training(page);
  await stop(page).click();
  await expect(card(page)).toContainText('You stopped lending this tab.');
  // Handed back, or handed in a moment before: no tab holds anything.
  await expect.poll(() => inTabs(page), { timeout: 30_000 }).toEqual([]);

  await lend(page).click();
  const held = await training(page);
  const other = await context.newPage();
  await other.goto('/projects');
  // As a person closes it; Playwright's plain close lets a page say nothing.
  await Promise.all([page.waitForEvent('close', { timeout: 60_000 }), page.close({ runBeforeUnload: true })]);
  // Ten seconds of silence would free it anyway: this is sooner.
  await expect.poll(() => inTabs(other, searchUrl), { timeout: 7000 }).toEqual([]);
  // Nothing is lost: a worker takes it, and finishes it.
  await expect
    .poll(async () => (await trialsOf(other, searchUrl)).find(({ id }) => id === held)?.state, { timeout: 150_000 })
    .toMatch(/done|failed|timed_out/);
});

test('a model that was tampered with is refused in a plain line', async ({ page }) => {
  await page.route('**/api/lend/model/**', async (route) => {
    const body = route.request().postDataBuffer() ?? Buffer.alloc(0);
    // The last bytes lie inside the arrays: other weights than the predictions were made with.
    body.fill(0x3f, Math.max(0, body.length - Math.floor(body.length / 3)));
    await route.continue({ postData: body });
  });
  await searching(page);
  await lend(page).click();
  const refused = results(page).getByRole('listitem').filter({ hasText: 'refused' }).first();
  await expect(refused).toBeVisible({ timeout: 120_000 });
  await expect(refused).toContainText(/\.$/);
  await page.getByRole('tab', { name: 'Log' }).click();
  await expect(page.getByRole('table', { name: 'Log' })).toContainText('was refused');
  await expect.poll(async () => (await trialsOf(page)).filter(({ tab, state }) => tab && state === 'done')).toEqual([]);
});
