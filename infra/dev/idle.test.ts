/** The product that commands share ends between two commands, never under one. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestServices, type TestServices } from '#tests/db/services.ts';
import { holdProduct, idleFor } from './idle.ts';

let services: TestServices;
beforeAll(async () => {
  services = await openTestServices();
}, 60_000);
afterAll(() => services?.close());

test('it is not idle while a command holds it, and a command that comes too late waits for the next product', async () => {
  const { databaseUrl } = services.config;
  const release = await holdProduct(databaseUrl);
  const second = await holdProduct(databaseUrl);
  let idle = false;
  const ending = idleFor(databaseUrl, 0, 0.02).then((open) => {
    idle = true;
    return open;
  });
  await release();
  await new Promise((done) => setTimeout(done, 300));
  expect(idle).toBe(false);
  await second();
  const open = await ending;
  let held = false;
  const late = holdProduct(databaseUrl).then((letGo) => {
    held = true;
    return letGo;
  });
  await new Promise((done) => setTimeout(done, 200));
  expect(held).toBe(false);
  await open();
  await (await late)();
});

test('a database that does not answer is an error, not a wait', async () => {
  await expect(holdProduct('postgres://nobody@127.0.0.1:1/none')).rejects.toThrow();
});
