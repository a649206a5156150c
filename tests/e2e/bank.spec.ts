/** The bank that ships with the product, as somebody new sees it. */
import { expect, test } from '@playwright/test';
import { expectFitsEverywhere } from './axe.ts';
import { openFirstProject } from './people.ts';

test('shows which tasks are alike, answers plain words, and says what it would suggest', async ({ page }) => {
  await openFirstProject(page);
  await page.goto('/bank');
  await expect(page.getByRole('figure', { name: 'Tasks by likeness of their data' })).toBeVisible();
  await page
    .getByRole('searchbox', { name: 'Find designs in plain words' })
    .fill('oblivious trees on purple tables over 100 rows');
  await expect(page.getByText('not understood: purple')).toBeVisible();
  const found = page.getByRole('table', { name: 'Designs found' });
  await expect(found.getByRole('row').nth(1)).toContainText('boosting');
  await expectFitsEverywhere(page);

  await page.setViewportSize({ width: 1280, height: 800 });
  await found.getByRole('link').first().click();
  await expect(page.getByRole('heading', { name: 'What its data looked like' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Tasks like this' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'What the others suggest' })).toBeVisible();
  await expectFitsEverywhere(page);
});
