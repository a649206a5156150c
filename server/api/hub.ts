/** The web process's one LISTEN connection, opened by the first page that follows a search. */
import { type EventHub, openEventHub } from '../events/index.ts';

const slot = Symbol.for('warmstart.web.events');
type Holder = { [slot]?: { hub: EventHub; url: string } };

/** Bundlers load this module more than once, so the one instance hangs on the global object. */
export function eventHub(databaseUrl: string): EventHub {
  const holder = globalThis as Holder;
  if (holder[slot]?.url !== databaseUrl) {
    void holder[slot]?.hub.close();
    holder[slot] = { hub: openEventHub(databaseUrl), url: databaseUrl };
  }
  return holder[slot].hub;
}
