import { expect, test } from '@playwright/test';
import { expectFitsEverywhere } from './axe.ts';
import { makePerson, signUp } from './people.ts';

test('a newcomer signs up by keyboard and lands in a first project with a sample table', async ({ page }) => {
  const person = makePerson();
  await page.goto('/sign-up');
  await expect(page.getByRole('heading', { name: 'Create an account' })).toBeVisible();
  await page.getByLabel('Name').focus();
  await page.keyboard.type(person.name);
  await page.keyboard.press('Tab');
  await page.keyboard.type(person.email);
  await page.keyboard.press('Tab');
  await page.keyboard.type(person.password);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/projects\/[0-9a-f-]{36}$/);
  await expect(page.getByRole('heading', { name: 'First project' })).toBeVisible();
  await expect(page.getByRole('table', { name: 'Data sets' }).getByRole('link').first()).toBeVisible();
  await expect(page.getByText('Drop a table here, or choose a file')).toBeVisible();
});

test('the pages of strangers are accessible and fit narrow screens', async ({ page }) => {
  for (const path of ['/sign-in', '/sign-up', '/reset-password?token=unknown', '/nowhere']) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expectFitsEverywhere(page);
  }
});

test('whoever is signed out is led to sign in and back to where they wanted to go', async ({ page }) => {
  const person = await signUp(page);
  await page.goto('/projects');
  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.waitForURL(/\/sign-in/);
  await page.goto('/settings/keys');
  await page.waitForURL(/\/sign-in\?next=/);
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Password').fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'wrong' })).toBeVisible();
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(/\/settings\/keys$/);
  await expect(page.getByRole('heading', { name: 'API keys' })).toBeVisible();
});

test('a password that is too simple and an address that is taken are named at their place', async ({ page }) => {
  const person = await signUp(page);
  await page.context().clearCookies();
  await page.goto('/sign-up');
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Password').fill('aaaaaaaaaa');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByText('Use at least four different characters.')).toBeVisible();
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(
    page.getByRole('alert').filter({ hasText: 'There is an account for this e-mail address already' }),
  ).toBeVisible();
});

test('signing in never leads to another site', async ({ page }) => {
  const person = await signUp(page);
  await page.context().clearCookies();
  await page.goto(`/sign-in?next=${encodeURIComponent('//example.com/')}`);
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(/\/projects$/);
});
