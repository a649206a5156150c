/** Follows a search's events without missing or doubling any. */
import type { SearchEvent } from '#core/contracts/views.ts';
import type { Executor } from '#db/client.ts';
import type { EventHub } from './hub.ts';
import { readEvents } from './read.ts';

/** How often the table is read though nothing woke us: a lost notification delays, never loses. */
const pollMs = 5000;

/** Yields every event after `afterNumber` in order, for ever, until `signal` aborts. */
export async function* followEvents(
  db: Executor,
  hub: EventHub,
  searchId: string,
  afterNumber: number,
  signal: AbortSignal,
): AsyncGenerator<SearchEvent> {
  let last = afterNumber;
  let wake: () => void = () => undefined;
  let woken = true;
  const ring = () => {
    woken = true;
    wake();
  };
  const unwatch = hub.watch(searchId, ring);
  signal.addEventListener('abort', ring, { once: true });
  try {
    while (!signal.aborted) {
      woken = false;
      const found = await readEvents(db, searchId, last);
      for (const event of found) {
        yield event;
        last = event.number;
      }
      if (found.length > 0 || woken) continue;
      await new Promise<void>((done) => {
        const timer = setTimeout(done, pollMs);
        wake = () => {
          clearTimeout(timer);
          done();
        };
        if (woken || signal.aborted) wake();
      });
    }
  } finally {
    unwatch();
    signal.removeEventListener('abort', ring);
  }
}
