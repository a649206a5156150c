/** The way from a first project into a running search. */
import { expect, type Page } from '@playwright/test';
import { openFirstProject, type TestPerson } from './people.ts';

export const onSearch = /\/searches\/[0-9a-f-]{36}(\?|$)/;

export interface SearchStart {
  /** Of the person. */
  readonly name?: string;
  /** A file to upload in place of the sample table. */
  readonly file?: string;
}

/** Signs up, opens the sample table of the first project, or uploads one, and fills the form of a new search. */
export async function openNewSearch(page: Page, { name, file }: SearchStart = {}): Promise<TestPerson> {
  const person = await openFirstProject(page, name);
  if (file) {
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Choose file' }).click();
    await (await chooser).setFiles(file);
    await page.waitForURL(/\/datasets\//);
  } else await page.getByRole('table', { name: 'Data sets' }).getByRole('link').first().click();
  await page.getByRole('link', { name: 'Start a search' }).click({ timeout: 60_000 });
  await expect(page.getByRole('heading', { name: 'New search' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Start search' })).toBeEnabled();
  return person;
}

/** Starts a search of `seconds` and lands on its live page. */
export async function startSearch(page: Page, seconds: number, start?: SearchStart): Promise<TestPerson> {
  const person = await openNewSearch(page, start);
  await page.getByLabel(/^Other budget/).fill(`${seconds} s`);
  await page.getByRole('button', { name: 'Start search' }).click();
  await page.waitForURL(onSearch);
  return person;
}

/** Numbers of the trials that the table holds, as the log of the server numbers them. */
export async function trialCount(page: Page): Promise<number> {
  const text = await page.getByRole('tab', { name: /^Trials/ }).textContent();
  return Number((text ?? '').replaceAll(/\D/g, ''));
}
