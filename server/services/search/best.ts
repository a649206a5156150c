/** The best trial of a search so far. */
import { and, asc, desc, eq, isNotNull } from 'drizzle-orm';
import { metricInfo } from '#core/contracts/task.ts';
import type { Executor } from '#db/client.ts';
import { trials } from '#db/schema/searches.ts';
import type { SearchRowData } from './clock.ts';

/** The done trial with the best score, of one origin or of all. */
export async function findBest(
  db: Executor,
  search: Pick<SearchRowData, 'id' | 'request'>,
  origin?: 'random',
): Promise<typeof trials.$inferSelect | undefined> {
  const order = metricInfo[search.request.metric].direction === 'maximize' ? desc : asc;
  const [row] = await db
    .select()
    .from(trials)
    .where(
      and(
        eq(trials.searchId, search.id),
        eq(trials.state, 'done'),
        isNotNull(trials.score),
        origin ? eq(trials.origin, origin) : undefined,
      ),
    )
    .orderBy(order(trials.score), asc(trials.number))
    .limit(1);
  return row;
}
