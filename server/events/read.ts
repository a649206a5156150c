/** Reads a search's event log. */
import { and, asc, eq, gt } from 'drizzle-orm';
import type { SearchEvent } from '#core/contracts/views.ts';
import type { Executor } from '#db/client.ts';
import { events } from '#db/schema/searches.ts';

/** Events after `afterNumber`, oldest first, at most `limit`. */
export async function readEvents(
  db: Executor,
  searchId: string,
  afterNumber: number,
  limit = 500,
): Promise<SearchEvent[]> {
  const rows = await db
    .select()
    .from(events)
    .where(and(eq(events.searchId, searchId), gt(events.number, afterNumber)))
    .orderBy(asc(events.number))
    .limit(limit);
  return rows.map((row) => ({ number: row.number, kind: row.kind, at: row.createdAt, data: row.data }) as SearchEvent);
}
