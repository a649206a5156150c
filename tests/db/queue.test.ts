/** Jobs exist exactly when their transaction commits, equal ones collapse, and events are numbered without gaps. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { appendEvent, followEvents, openEventHub, readEvents } from '#server/events/index.ts';
import { openQueue, type QueueHandle } from '#server/queue/index.ts';
import { owner, person } from './people.ts';
import { openTestServices, type TestServices } from './services.ts';
import { until } from './worker.ts';
import { seedWorld, type World } from './world.ts';

let services: TestServices;
let world: World;
let queue: QueueHandle;
beforeAll(async () => {
  services = await openTestServices();
  const me = await owner(services, 'ann');
  const other = await person(services, 'bob');
  world = await seedWorld(services, { ...me, ownerId: me.id, memberId: other.id }, me.id);
  queue = await openQueue(services.config.databaseUrl, { role: 'worker' });
}, 60_000);
afterAll(async () => {
  await queue?.close(0);
  await services?.close();
});

test('a job of a rolled back transaction never was; equal waiting jobs are one', async () => {
  const [lost, kept] = [crypto.randomUUID(), crypto.randomUUID()];
  await services.db
    .transaction(async (tx) => {
      await services.queue.send(tx, 'search.step', { searchId: lost });
      throw new Error('rolled back');
    })
    .catch(() => undefined);
  await services.db.transaction(async (tx) => {
    await services.queue.send(tx, 'search.step', { searchId: kept });
    await services.queue.send(tx, 'search.step', { searchId: kept });
  });
  const seen: string[] = [];
  await queue.work('search.step', { concurrency: 1 }, async ({ searchId }) => {
    seen.push(searchId);
  });
  await until(async () => seen.includes(kept), 20);
  // Twenty short jobs follow each other at once: one a polling interval would outlast the wait by far.
  const next = Array.from({ length: 20 }, () => crypto.randomUUID());
  for (const searchId of next) await services.queue.send(services.db, 'search.step', { searchId });
  await until(async () => next.every((id) => seen.includes(id)), 20);
  expect(seen.filter((id) => id === kept)).toHaveLength(1);
  expect(seen).not.toContain(lost);
});

test('events of concurrent writers are numbered without gaps, and a follower gets each once', async () => {
  const { searchId } = world;
  const hub = openEventHub(services.config.databaseUrl);
  const abort = new AbortController();
  const seen: number[] = [];
  const writers = 20;
  const following = (async () => {
    for await (const event of followEvents(services.db, hub, searchId, 0, abort.signal)) {
      seen.push(event.number);
      if (seen.length === writers) break;
    }
  })();
  await Promise.all(
    Array.from({ length: writers }, (_, i) =>
      services.db.transaction((tx) => appendEvent(tx, searchId, 'log', { level: 'info', message: `m${i}` })),
    ),
  );
  await following;
  expect(seen).toEqual(Array.from({ length: writers }, (_, i) => i + 1));
  expect((await readEvents(services.db, searchId, 17)).map((event) => event.number)).toEqual([18, 19, 20]);
  abort.abort();
  await hub.close();
});
