/** The court of splits on the pages: the question in the form, and the report of a data set. */
import { expect, type Page, test } from '@playwright/test';
import { expectFitsEverywhere } from './axe.ts';
import { openFirstProject } from './people.ts';
import { tableFile, visits } from './tables.ts';

async function upload(page: Page, name: string, text: string): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose file' }).click();
  await (await chooser).setFiles(tableFile(name, text));
  await page.waitForURL(/\/datasets\/[0-9a-f-]{36}/);
  await expect(page.getByRole('link', { name: 'Start a search' })).toBeVisible();
}

test('a split that flatters is asked about, and one click takes the other', async ({ page }) => {
  await openFirstProject(page);
  await upload(page, 'visits.csv', visits(60, 7));
  await page.getByRole('link', { name: 'Start a search' }).click();
  const step = page.getByRole('region', { name: 'Split', exact: true });
  await expect(step.getByText('Rows of one runner appear several times')).toBeVisible({ timeout: 60_000 });
  await expect(
    step.getByText(/A random split scores ROC AUC [01]\.\d\d, keeping each runner on one side 0\.\d\d/),
  ).toBeVisible();
  await expect(step.getByRole('radio', { name: 'Random, stratified' })).toBeChecked();
  await expectFitsEverywhere(page);
  await step.getByRole('button', { name: 'Keep each runner apart' }).click();
  await expect(step.getByRole('radio', { name: 'By group' })).toBeChecked();
  await expect(step.getByRole('combobox', { name: 'Group column' })).toHaveText('runner');
  await expect(step.getByText(/^With each runner on one side a quick model scores/)).toBeVisible();
});

test('a data set shows the report, and how a test file differs', async ({ page }) => {
  await openFirstProject(page);
  await upload(page, 'elsewhere.csv', visits(40, 5, 3));
  await page.goBack();
  await upload(page, 'visits.csv', visits(60, 7));
  const card = page.getByRole('region', { name: 'Splits and leaks' });
  await card.getByRole('button', { name: 'Compare splits' }).click();
  await expect(card.getByText(/Rows of one runner appear several times/)).toBeVisible({ timeout: 60_000 });
  await card.getByRole('combobox', { name: 'Test file to compare with' }).click();
  await page.getByRole('option', { name: /elsewhere/ }).click();
  await card.getByRole('button', { name: 'Compare splits' }).click();
  await expect(card.getByText(/The rows of the test file differ/)).toBeVisible({ timeout: 60_000 });
  await expectFitsEverywhere(page);
});
