import { expect, test } from '@playwright/test';
import { expectFitsEverywhere } from './axe.ts';
import { openFirstProject, signUp } from './people.ts';

test('a project is made, renamed and deleted', async ({ page }) => {
  await signUp(page);
  await page.goto('/projects');
  await page.getByRole('button', { name: 'New project' }).first().click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Telco churn');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/projects\/[0-9a-f-]{36}$/);
  await expect(page.getByRole('heading', { name: 'Telco churn', level: 1 })).toBeVisible();
  await expect(page.getByText('Or start with a sample')).toBeVisible();

  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Rename…' }).click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Customer churn');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Customer churn', level: 1 })).toBeVisible();

  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Delete project…' }).click();
  const remove = page.getByRole('button', { name: 'Delete project' });
  await expect(remove).toBeDisabled();
  await page.getByLabel(/Type Customer churn/).fill('Customer churn');
  await remove.click();
  await page.waitForURL(/\/projects$/);
  await expect(page.getByRole('link', { name: 'Customer churn' })).toHaveCount(0);
});

test('everything is found and done from the keyboard', async ({ page }) => {
  await openFirstProject(page);
  await expect(page.getByRole('heading', { name: 'First project', level: 1 })).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('account');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/settings\/account$/);
  await expect(page.getByRole('heading', { name: 'Account', exact: true, level: 1 })).toBeVisible();

  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await page.waitForURL(/\/team/);
  await expect(page.getByRole('heading', { name: 'Team', level: 1 })).toBeVisible();

  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await page.getByRole('checkbox').click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('?');
  await page.waitForTimeout(300);
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('the chosen theme is there from the first byte of the next page', async ({ page }) => {
  await signUp(page);
  await page.goto('/settings/account');
  await page.getByRole('radio', { name: 'Dark' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  const response = await page.goto('/projects');
  expect(await response?.text()).toContain('data-theme="dark"');
});

test('an invitation link is shown once, listed, and revoked', async ({ page }) => {
  await openFirstProject(page);
  await page.getByRole('link', { name: 'Invite…' }).click();
  await page.getByRole('radio', { name: 'editor' }).click();
  await page.getByRole('button', { name: 'Make link' }).click();
  const link = page.getByRole('textbox', { name: 'Invitation link' });
  await expect(link).toHaveValue(/\/invite\/[\w-]{20,}$/);
  await page.getByRole('button', { name: 'Done' }).click();
  const table = page.getByRole('table', { name: 'Invitation links' });
  await expect(table.getByRole('cell', { name: 'open', exact: true })).toBeVisible();
  await table.getByRole('button', { name: 'Revoke' }).click();
  await expect(table.getByRole('cell', { name: 'revoked', exact: true })).toBeVisible();
});

test('an API key works until it is revoked', async ({ page, playwright, baseURL }) => {
  await signUp(page);
  await page.goto('/settings/keys');
  await page.getByRole('button', { name: 'New key' }).first().click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('nightly');
  await page.getByRole('button', { name: 'Make key' }).click();
  const key = await page.getByRole('textbox', { name: 'API key' }).inputValue();
  expect(key).toMatch(/^ws_/);
  await page.getByRole('button', { name: 'Done' }).click();

  const outside = await playwright.request.newContext({
    baseURL,
    extraHTTPHeaders: { authorization: `Bearer ${key}` },
  });
  const list = () => outside.get('/api/trpc/project.list', { params: { input: JSON.stringify({ json: {} }) } });
  expect((await list()).status()).toBe(200);

  await page.getByRole('button', { name: 'Revoke nightly' }).click();
  await page.getByRole('button', { name: 'Revoke key' }).click();
  await expect(page.getByText('revoked')).toBeVisible();
  expect((await list()).status()).toBe(401);
  await outside.dispose();
});

test('what happened in a project is in its activity', async ({ page }) => {
  await openFirstProject(page);
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Rename…' }).click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Renamed');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Renamed', level: 1 })).toBeVisible();
  await page.getByRole('link', { name: 'Activity' }).first().click();
  await expect(page.getByRole('cell', { name: 'renamed the project' })).toBeVisible();
});

test('the frame and its pages are accessible and fit narrow screens', async ({ page }) => {
  await openFirstProject(page);
  const project = new URL(page.url()).pathname;
  for (const path of ['/projects', project, '/team', '/activity', '/settings/keys', '/settings/account']) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 }).filter({ hasNotText: 'Loading' })).toBeVisible();
    await expect(page.locator('.breathe')).toHaveCount(0);
    await expectFitsEverywhere(page);
  }
  await page.goto('/settings/keys');
  await page.getByRole('button', { name: 'New key' }).first().click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await expectFitsEverywhere(page);
});
