/** One writer at a time per search: transactions that change a search or its trials lock the search's row first. */
import { eq } from 'drizzle-orm';
import type { Database, Tx } from '#db/client.ts';
import { searches } from '#db/schema/searches.ts';
import { AppError } from '../errors.ts';
import type { SearchRowData } from './clock.ts';

/**
 * Runs `change` in a transaction that holds the search's row. Always taking this lock first rules out deadlocks
 * between steps, trials that end and people who press buttons.
 * @throws AppError `not_found`
 */
export function withSearch<T>(
  db: Database,
  searchId: string,
  change: (tx: Tx, search: SearchRowData) => Promise<T>,
): Promise<T> {
  return db.transaction(async (tx) => {
    const [search] = await tx.select().from(searches).where(eq(searches.id, searchId)).for('update');
    if (!search) throw new AppError('not_found', 'There is no such search.');
    return change(tx, search);
  });
}
