/** What the rest of a running search may bring. */
import type { SearchView, TrialView } from '#core/contracts/views.ts';
import { chanceOfBetter } from '#core/strategies/stopping.ts';
import { isScored } from './best-curve.ts';

/** Trials before their pace says anything. */
const least = 4;

export interface Outlook {
  /** Trials that still fit, at the pace so far. */
  readonly more: number;
  /** Chance that one of them is the best of all. */
  readonly chance: number;
}

/** Null while nothing can be said, and once the search is over. */
export function outlookOf(
  view: Pick<SearchView, 'state' | 'phases'>,
  trials: readonly TrialView[],
  elapsed: number,
): Outlook | null {
  if (view.state !== 'searching') return null;
  const finished = trials.filter(isScored).filter(({ role }) => role === 'search');
  const { read, search } = view.phases;
  const begun = read.used;
  const now = Math.max(elapsed, ...finished.map(({ at }) => at));
  if (finished.length < least || now <= begun) return null;
  const pace = finished.length / (now - begun);
  const more = Math.round(pace * Math.max(0, begun + search.planned - now));
  return { more, chance: chanceOfBetter(finished.length, more) };
}
