import { expect, type Page, test } from '@playwright/test';
import { expectFitsEverywhere } from './axe.ts';
import { openFirstProject } from './people.ts';
import { customers, tableFile, wide } from './tables.ts';

const onDataset = /\/datasets\/[0-9a-f-]{36}/;
const mebibyte = 1024 * 1024;

async function choose(page: Page, path: string): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose file' }).click();
  await (await chooser).setFiles(path);
}

async function uploadCustomers(page: Page): Promise<void> {
  await choose(page, tableFile('customers.csv', customers(400)));
  await page.waitForURL(onDataset);
  await expect(page.getByText('400 rows · 6 columns')).toBeVisible();
}

test('a table is chosen by keyboard, read, and explained column by column', async ({ page }) => {
  await openFirstProject(page);
  await uploadCustomers(page);
  const columns = page.getByRole('table', { name: 'Columns' });
  for (const name of ['customer_id', 'country', 'plan', 'tenure', 'charges', 'left']) {
    await expect(columns.getByRole('cell', { name, exact: true })).toBeVisible();
  }
  await expect(columns.getByRole('img', { name: /Spread from 0 to 71/ })).toBeVisible();
  await expect(page.getByText(/customer_id has a different value in every row/)).toBeVisible();
  await expect(page.getByText(/country has the same value in every row/)).toBeVisible();
  const rows = page.getByRole('table', { name: 'Rows' });
  await expect(rows.getByRole('cell', { name: 'C100000' })).toBeVisible();
  await page.getByRole('region', { name: 'Rows' }).focus();
  await page.keyboard.press('End');
  await expect(rows.getByRole('cell', { name: 'C100399' })).toBeVisible();
  await expectFitsEverywhere(page);
});

test('a fix and a changed type make a new version and leave the old one alone', async ({ page }) => {
  await openFirstProject(page);
  await uploadCustomers(page);
  await page.getByRole('button', { name: 'Ignore customer_id' }).click();
  await page.getByRole('combobox', { name: 'Type of tenure' }).click();
  await page.getByRole('option', { name: /category/ }).click();
  await expect(page.getByText('2 types changed.')).toBeVisible();
  await page.getByRole('button', { name: 'Save as a new version' }).click();
  await expect(page.getByRole('button', { name: /version 2 of 2/ })).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Type of customer_id' })).toHaveText('left out');
  await expect(page.getByRole('combobox', { name: 'Type of tenure' })).toHaveText('category');
  await page.goto(`${new URL(page.url()).pathname}?version=1`);
  await expect(page.getByRole('combobox', { name: 'Type of tenure' })).toHaveText('number');
});

test('a dropped file goes up, one that is no table is refused with the fix', async ({ page }) => {
  await openFirstProject(page);
  const drop = async (name: string, content: string) => {
    const data = await page.evaluateHandle(
      ([file, text]) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([text], file, { lastModified: 1 }));
        return transfer;
      },
      [name, content] as const,
    );
    await page.locator('[data-drop-zone]').dispatchEvent('drop', { dataTransfer: data });
  };
  await drop('report.xlsx', 'PK');
  await expect(page.getByText('report.xlsx is a spreadsheet. Save the sheet as CSV and drop that.')).toBeVisible();
  await drop('dropped.csv', customers(120));
  await page.waitForURL(onDataset);
  await expect(page.getByText('120 rows · 6 columns')).toBeVisible();
});

test('an upload goes on where the connection broke, and after a reload with the same file', async ({ page }) => {
  await openFirstProject(page);
  const project = page.url();
  const path = tableFile('large.csv', customers(560_000));
  const offsets: number[] = [];
  let broken = true;
  await page.route(/\/api\/uploads\/[^/]+\?offset=/, async (route) => {
    const offset = Number(new URL(route.request().url()).searchParams.get('offset'));
    offsets.push(offset);
    if (broken && offset >= 8 * mebibyte) await route.abort('connectionreset');
    else await route.continue();
  });
  await choose(page, path);
  await expect(page.getByText('The connection broke; trying again.')).toBeVisible();
  expect(offsets.slice(0, 2)).toEqual([0, 8 * mebibyte]);

  page.on('dialog', (dialog) => void dialog.accept());
  await page.goto(project);
  offsets.length = 0;
  broken = false;
  await choose(page, path);
  await page.waitForURL(onDataset);
  expect(offsets[0]).toBe(8 * mebibyte);
  await expect(page.getByText('560,000 rows · 6 columns')).toBeVisible({ timeout: 60_000 });
});

test('an upload can be cancelled', async ({ page }) => {
  await openFirstProject(page);
  await page.route(/\/api\/uploads\/[^/]+\?offset=/, () => undefined);
  await choose(page, tableFile('slow.csv', customers(50)));
  await page.getByRole('button', { name: 'Cancel the upload of slow.csv' }).click();
  await expect(page.getByRole('region', { name: 'Uploads' })).toHaveCount(0);
  await page.unroute(/\/api\/uploads\/[^/]+\?offset=/);
});

test('a file that cannot be read says where and what to do', async ({ page }) => {
  await openFirstProject(page);
  await choose(page, tableFile('broken.jsonl', '{"a": 1}\n{"a": 2}\n{"a": oops}\n'));
  await page.waitForURL(onDataset);
  const alert = page.getByRole('alert').filter({ hasText: 'This file could not be read' });
  await expect(alert).toBeVisible();
  await expect(alert).toContainText('line 3');
  await expect(page.getByRole('button', { name: 'Upload a corrected file' })).toBeVisible();
  await expectFitsEverywhere(page);
});

test('a data set is deleted after its dependents are shown', async ({ page }) => {
  await openFirstProject(page);
  await uploadCustomers(page);
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Delete data set…' }).click();
  await expect(page.getByText('Nothing depends on it.')).toBeVisible();
  await page.getByRole('button', { name: 'Delete data set' }).click();
  await page.waitForURL(/\/projects\/[0-9a-f-]{36}$/);
  await expect(page.getByRole('table', { name: 'Data sets' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'customers', exact: true })).toHaveCount(0);
});

test('four hundred columns are windowed, filtered and searched', async ({ page }) => {
  await openFirstProject(page);
  await choose(page, tableFile('sensors.csv', wide(400, 150)));
  await page.waitForURL(onDataset);
  await expect(page.getByText('150 rows · 401 columns')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('table', { name: 'Rows' }).getByRole('columnheader', { name: /sensor_0/ })).toBeVisible();
  expect(await page.locator('td').count()).toBeLessThan(1500);
  await page.keyboard.press('/');
  await page.keyboard.type('sensor_399');
  const columns = page.getByRole('table', { name: 'Columns' });
  await expect(columns.getByRole('row')).toHaveCount(2);
  await page.getByRole('combobox', { name: 'Target that the links refer to' }).click();
  await page.keyboard.type('sensor_77');
  await page.getByRole('option', { name: /^sensor_77 / }).click();
  await expect(page).toHaveURL(/target=sensor_77(&|$)/);
});
