/** Work that kills whoever does it: begun again a few times, then given up with its reason. */
import { eq, sql } from 'drizzle-orm';
import { datasetVersions, splitReports } from '#db/schema/datasets.ts';
import { models, predictions, replays } from '#db/schema/models.ts';
import { searches } from '#db/schema/searches.ts';
import type { Services } from './context.ts';

/** How often a job may be begun without coming to an end: two deaths may be chance, a third is its own doing. */
export const maxAttempts = 3;

const tables = {
  version: datasetVersions,
  splits: splitReports,
  search: searches,
  model: models,
  prediction: predictions,
  replay: replays,
} as const;
export type AttemptKind = keyof typeof tables;

/**
 * Counts a beginning, before the work starts: who dies at it cannot count any more.
 * @returns false when workers have died over it too often; it must not be begun again then
 */
export async function beginAttempt({ db }: Pick<Services, 'db'>, kind: AttemptKind, id: string): Promise<boolean> {
  const table = tables[kind];
  const [row] = await db
    .update(table)
    .set({ attempts: sql`${table.attempts} + 1` })
    .where(eq(table.id, id))
    .returning({ attempts: table.attempts });
  return row !== undefined && row.attempts <= maxAttempts;
}

/** Takes the count back: the work ended, well or not, or was put down because its worker ends. */
export async function endAttempt({ db }: Pick<Services, 'db'>, kind: AttemptKind, id: string): Promise<void> {
  const table = tables[kind];
  await db
    .update(table)
    .set({ attempts: sql`greatest(0, ${table.attempts} - 1)` })
    .where(eq(table.id, id));
}
