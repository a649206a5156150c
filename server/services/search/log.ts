/** A search's log: its events without those of single trials, which the trials themselves tell better. */
import { and, asc, eq, notLike } from 'drizzle-orm';
import type { SearchEvent } from '#core/contracts/views.ts';
import { events } from '#db/schema/searches.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../scopes.ts';

export type LogEvent = Exclude<SearchEvent, { kind: `trial.${string}` }>;

/** All of them, oldest first. */
export async function readSearchLog(ctx: ServiceContext, input: { id: string }): Promise<LogEvent[]> {
  await authorize(ctx, 'search.read', { searchId: input.id });
  const rows = await ctx.db
    .select()
    .from(events)
    .where(and(eq(events.searchId, input.id), notLike(events.kind, 'trial.%')))
    .orderBy(asc(events.number));
  return rows.map(
    ({ number, createdAt, kind, data }) => ({ number, at: createdAt, kind, data }) as unknown as LogEvent,
  );
}
