/** The form of a new search and the live page: streaming, resuming, and the buttons that steer a search. */
import { expect, type Page, test } from '@playwright/test';
import { expectFitsEverywhere } from './axe.ts';
import { onSearch, openNewSearch, startSearch, trialCount } from './searching.ts';

const searchId = (page: Page) => /searches\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? '';

/** What the server itself knows, asked beside the page. */
async function onServer(page: Page, procedure: 'search.trials' | 'search.log'): Promise<unknown[]> {
  const input = encodeURIComponent(JSON.stringify({ json: { id: searchId(page) } }));
  const response = await page.request.get(`/api/trpc/${procedure}?input=${input}`);
  const body: { result: { data: { json: unknown[] } } } = await response.json();
  return body.result.data.json;
}

const logRows = async (page: Page) => {
  await page.getByRole('tab', { name: 'Log' }).click();
  const rows = await page.getByRole('table', { name: 'Log' }).getAttribute('aria-rowcount');
  return Number(rows) - 1;
};

const ready = (page: Page) => expect(page.getByRole('link', { name: 'Open model' })).toBeVisible({ timeout: 90_000 });

test('the form proposes everything with a reason, and everything can be changed', async ({ page }) => {
  await openNewSearch(page);
  for (const step of ['Target', 'Task', 'Metric', 'Split', 'Budget']) {
    await expect(page.getByRole('region', { name: step, exact: true })).toContainText(/\.$/);
  }
  await expect(page.getByRole('region', { name: 'Quote' })).toContainText('bank');
  await page.getByRole('combobox', { name: 'Column to predict' }).click();
  await page.getByRole('option', { name: /^body_mass_g/ }).click();
  await expect(page.getByRole('radio', { name: 'Regression' })).toBeChecked();
  await expect(page.getByRole('combobox', { name: 'Metric' })).toHaveText(/RMSE|MAE|R²/);
  await page.getByRole('radio', { name: 'By group' }).click();
  await expect(page.getByRole('combobox', { name: 'Group column' })).toBeVisible();
  await page.getByLabel(/^Other budget/).fill('soon');
  await expect(page.getByText('"soon" is not a time from 10 s to 24 h.')).toBeVisible();
  await page.getByLabel(/^Other budget/).fill('2m');
  await expect(page.getByRole('radio', { name: '2 min' })).toBeChecked();
  await expectFitsEverywhere(page);
});

test('a reload and a lost network in the middle miss nothing and double nothing', async ({ page, context }) => {
  await startSearch(page, 25);
  await expect.poll(() => trialCount(page), { timeout: 30_000 }).toBeGreaterThan(1);
  await page.reload();
  await expect.poll(() => trialCount(page), { timeout: 30_000 }).toBeGreaterThan(2);

  const resumed: number[] = [];
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (!url.pathname.endsWith('search.events')) return;
    const input: { json: { lastEventId?: string } } = JSON.parse(url.searchParams.get('input') ?? '{"json":{}}');
    resumed.push(Number(input.json.lastEventId ?? 0));
  });
  await context.setOffline(true);
  await page.waitForTimeout(3000);
  await context.setOffline(false);
  await ready(page);
  await expect.poll(async () => trialCount(page)).toBe((await onServer(page, 'search.trials')).length);
  expect(await logRows(page)).toBe((await onServer(page, 'search.log')).length);
  // Whatever was asked for again was asked for from where the page stood.
  for (const number of resumed) expect(number).toBeGreaterThan(0);
});

test('trials are filtered, sorted and opened by keyboard, all in the address', async ({ page }) => {
  await startSearch(page, 15);
  await ready(page);
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox', { name: 'Filter trials' })).toBeFocused();
  await page.keyboard.type('linear');
  await expect(page).toHaveURL(/q=linear/);
  const table = page.getByRole('grid', { name: 'Trials' });
  for (const design of await table.locator('tbody tr td:nth-child(2)').allTextContents()) {
    expect(design).toContain('linear');
  }
  await page.getByRole('button', { name: 'Took' }).click();
  await expect(page).toHaveURL(/sort=seconds/);
  await page.reload();
  await expect(page.getByRole('searchbox', { name: 'Filter trials' })).toHaveValue('linear');
  await table.locator('tr[data-row="0"]').focus();
  await page.keyboard.press('Enter');
  const inspector = page.getByRole('complementary', { name: /^Trial \d+$/ });
  await expect(inspector).toBeVisible();
  await expect(page).toHaveURL(/trial=\d+/);
  await expectFitsEverywhere(page);
  await page.keyboard.press('Escape');
  await expect(inspector).toHaveCount(0);
  await page.goBack();
  await expect(inspector).toBeVisible();
  await page.goForward();
  for (const tab of ['Pareto', 'Prior', 'Workers', 'Log']) {
    await page.getByRole('tab', { name: new RegExp(`^${tab}`) }).click();
    await expect(page).toHaveURL(new RegExp(`tab=${tab.toLowerCase()}`));
  }
  await expectFitsEverywhere(page);
});

test('pause stops the clock, resume goes on, finish now keeps what was found', async ({ page }) => {
  await startSearch(page, 60);
  await expect.poll(() => trialCount(page), { timeout: 30_000 }).toBeGreaterThan(2);
  await page.getByRole('button', { name: 'Pause' }).click();
  const note = page.getByText(/^Paused at \d+ of 60 s$/);
  await expect(note).toBeVisible({ timeout: 20_000 });
  const paused = await note.textContent();
  await page.waitForTimeout(3000);
  await expect(note).toHaveText(paused ?? '');
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await page.getByRole('button', { name: 'Finish now' }).click();
  await ready(page);
  await expect(page.getByRole('region', { name: 'Best so far' })).toContainText('sealed test');
});

test('cancel asks, says what stays, and the search can be asked for again', async ({ page }) => {
  await startSearch(page, 45);
  await page.getByRole('button', { name: 'Cancel…' }).click();
  await page.getByRole('button', { name: 'Keep' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.getByRole('button', { name: 'Cancel…' }).click();
  await page.getByRole('button', { name: 'Cancel search' }).click();
  await expect(page.getByText('No model was made.')).toBeVisible();
  await expectFitsEverywhere(page);
  await page.getByRole('link', { name: 'Search again' }).click();
  await expect(page.getByLabel(/^Other budget/)).toHaveValue('45 s');
  await page.getByRole('button', { name: 'Start search' }).click();
  await page.waitForURL(onSearch);
  await expect(page.getByRole('heading', { name: /^Search 2/ })).toBeVisible();
  await page.getByRole('button', { name: 'Cancel…' }).click();
  await page.getByRole('button', { name: 'Cancel search' }).click();
  await expect(page.getByText('No model was made.')).toBeVisible();
});
