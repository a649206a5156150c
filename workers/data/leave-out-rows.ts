/** A version may leave rows of its file out: they go before types are inferred, as if they had never been there. */
import { fileRow } from '#core/tasks/excluded-rows.ts';
import { count } from './data-error.ts';
import type { Duck } from './duckdb.ts';
import type { Source } from './source.ts';

/** Takes the rows out of `raw`. @param excluded row numbers of the file, ascending from 0 */
export async function leaveOutRows(duck: Duck, source: Source, excluded: readonly number[]): Promise<Source> {
  if (excluded.length === 0) return source;
  // A new table numbers its rows anew: what follows goes by those numbers.
  await duck.run(`CREATE TABLE kept AS SELECT * FROM raw WHERE rowid NOT IN (SELECT unnest([${excluded.join(', ')}]))`);
  await duck.run('DROP TABLE raw');
  await duck.run('ALTER TABLE kept RENAME TO raw');
  return {
    ...source,
    rows: source.rows - excluded.filter((row) => row < source.rows).length,
    corrections: [
      ...source.corrections,
      `${count(excluded.length, 'row')} of the file ${excluded.length === 1 ? 'is' : 'are'} left out by hand.`,
    ],
    locate: (row) => source.locate(fileRow(excluded, row)),
  };
}
