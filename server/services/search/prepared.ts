/** What a search's row keeps of its preparation. */
import type { PreparedFacts } from '#core/contracts/views.ts';
import type { Space } from '#core/spaces/space.ts';
import { tabularSpace } from '#core/spaces/tabular.ts';
import type { SearchSetup } from '#core/strategies/strategy.ts';
import type { SearchRowData } from './clock.ts';

/** What strategies and the bank may know of a task; never a test row. */
export interface TaskSetup extends Omit<SearchSetup, 'searchSeconds' | 'workers' | 'seed' | 'prior'> {
  readonly metaFeatures: Readonly<Record<string, number>>;
}

export interface StoredPreparation extends PreparedFacts {
  readonly setup: TaskSetup;
}

/** @throws Error before the preparation is stored */
export function preparationOf(search: Pick<SearchRowData, 'prepared'>): StoredPreparation {
  const stored = search.prepared as StoredPreparation | null;
  if (!stored?.setup) throw new Error('the search is not prepared');
  return stored;
}

/** The space that a search's designs belong to. */
export const spaceOf = (search: Pick<SearchRowData, 'prepared'>): Space => tabularSpace(preparationOf(search).setup);
