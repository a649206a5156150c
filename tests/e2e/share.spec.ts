/** A colleague invited by link sees everything, and may do what the role allows. */
import { expect, test } from '@playwright/test';
import { expectFitsEverywhere } from './axe.ts';
import { makePerson } from './people.ts';
import { startSearch } from './searching.ts';

test('a viewer invited by link sees data, search and model, and may try but not publish', async ({ page, browser }) => {
  await startSearch(page, 10, { name: 'Ada Owner' });
  const project = new URL(page.url()).pathname.replace(/\/searches\/.*/, '');
  await expect(page.getByRole('link', { name: 'Open model' })).toBeVisible({ timeout: 90_000 });
  await page.goto(project);
  await page.getByRole('link', { name: 'Invite…' }).click();
  await page.getByRole('radio', { name: 'viewer' }).click();
  await page.getByRole('button', { name: 'Make link' }).click();
  const link = await page.getByRole('textbox', { name: 'Invitation link' }).inputValue();

  const context = await browser.newContext();
  const colleague = await context.newPage();
  await colleague.goto(new URL(link).pathname);
  await expect(colleague.getByText('Ada Owner invites you to see')).toBeVisible();
  await expectFitsEverywhere(colleague);
  const person = makePerson('Grace Guest');
  await colleague.getByLabel('Name').fill(person.name);
  await colleague.getByLabel('E-mail').fill(person.email);
  await colleague.getByLabel('Password').fill(person.password);
  await colleague.getByRole('button', { name: 'Create account' }).click();
  await expect(colleague.getByRole('heading', { name: /^Join / })).toBeVisible();
  await expectFitsEverywhere(colleague);
  await colleague.getByRole('button', { name: 'Join project' }).click();
  await colleague.waitForURL((url) => url.pathname === project);

  await expect(colleague.getByText('you may view')).toBeVisible();
  await colleague.getByRole('table', { name: 'Searches' }).getByRole('link').first().click();
  await expect(colleague.getByRole('heading', { name: /^Search 1/ })).toBeVisible();
  await expect(colleague.getByRole('grid', { name: 'Trials' })).toBeVisible();
  await expect(colleague.getByRole('link', { name: 'Clone' })).toHaveCount(0);
  await colleague.goto(project);
  await colleague.getByRole('table', { name: 'Models' }).getByRole('link').first().click();
  await expect(colleague.getByText('An editor of this project can run it.')).toBeVisible();
  await expect(colleague.getByRole('button', { name: 'Publish' })).toHaveCount(0);
  await expect(colleague.getByRole('region', { name: 'Try it here' }).getByRole('listitem').first()).toContainText(
    '%',
    {
      timeout: 60_000,
    },
  );

  await colleague.goto(new URL(link).pathname.slice(0, -4));
  await expect(colleague.getByRole('heading', { name: 'This invitation does not open' })).toBeVisible();
  await context.close();
});
