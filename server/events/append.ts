/** Appends to a search's numbered event log; the only writer of `events`. */
import { eq, sql } from 'drizzle-orm';
import type { SearchEventData, SearchEventKind } from '#core/contracts/views.ts';
import type { Executor } from '#db/client.ts';
import * as table from '#db/schema/searches.ts';
import { searches } from '#db/schema/searches.ts';

/** PostgreSQL channel that wakes listeners; the payload is `searchId:number`. Rows are the truth, NOTIFY only wakes. */
export const eventChannel = 'warmstart_events';

/**
 * Inserts the next event of a search. Incrementing the counter locks the search's row, so that numbers are
 * dense and commit in order; call it last in a transaction to hold the lock briefly.
 * @returns the event's number
 */
export async function appendEvent<K extends SearchEventKind>(
  tx: Executor,
  searchId: string,
  kind: K,
  data: SearchEventData[K],
): Promise<number> {
  const [row] = await tx
    .update(searches)
    .set({ lastEvent: sql`${searches.lastEvent} + 1` })
    .where(eq(searches.id, searchId))
    .returning({ number: searches.lastEvent });
  if (!row) throw new Error(`there is no search ${searchId}`);
  await tx.insert(table.events).values({ searchId, number: row.number, kind, data: { ...data } });
  await tx.execute(sql`select pg_notify(${eventChannel}, ${`${searchId}:${row.number}`})`);
  return row.number;
}
