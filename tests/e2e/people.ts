/** People for the tests: each signs up anew, so that tests do not see one another. */
import type { Page } from '@playwright/test';

export interface TestPerson {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

let count = 0;

/** Credentials nobody else has. */
export function makePerson(name = 'Ada Example'): TestPerson {
  count += 1;
  return { name, email: `person-${Date.now().toString(36)}-${count}@example.org`, password: 'correct horse 7 battery' };
}

/** Signs a new person up through the product's own route and leaves the browser signed in. */
export async function signUp(page: Page, name?: string, email?: string): Promise<TestPerson> {
  const person = { ...makePerson(name), ...(email ? { email } : {}) };
  await page.goto('/sign-in');
  const status = await page.evaluate(async (body) => {
    const response = await fetch('/api/auth/password/sign-up', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return response.status;
  }, person);
  if (status !== 200) throw new Error(`signing up answered ${status}`);
  return person;
}

/** Signs up and opens the first project. */
export async function openFirstProject(page: Page, name?: string): Promise<TestPerson> {
  const person = await signUp(page, name);
  await page.goto('/projects/start');
  await page.waitForURL(/\/projects\/[0-9a-f-]{36}$/);
  return person;
}
