/** What going on may bring: the chance of something better, and whether a search has settled. */

/**
 * Chance that the best of all is among the next `more` trials, if what is proposed neither gets better nor worse: every
 * order of the scores is as likely then (Rényi 1962, on records).
 */
export function chanceOfBetter(done: number, more: number): number {
  return done + more > 0 ? more / (done + more) : 0;
}

/** Trials before a search may end by itself. */
const LEAST = 16;
/** Share of all trials that must have been in vain. */
const IN_VAIN = 0.5;
/** What counts as better, as a share of how uncertain the best score is: less could be told from nothing by no test. */
const TOLERANCE = 0.1;

export interface ScoredLoss {
  /** Smaller is better. */
  readonly loss: number;
  /** Half the width of the score's interval. */
  readonly halfWidth: number;
}

/** Trials at the end that brought nothing better than noise: none improved the best before them by a tenth of its half-width. */
export function trialsInVain(trials: readonly ScoredLoss[]): number {
  let best = Number.POSITIVE_INFINITY;
  let since = 0;
  for (const { loss, halfWidth } of trials) {
    const better = best - loss > TOLERANCE * halfWidth;
    since = better ? 0 : since + 1;
    if (better) best = loss;
  }
  return since;
}

/**
 * True when half of all trials were in vain: as many again would find something better with a chance of a half at most,
 * and what they find would hardly show.
 * @param trials learners' finished trials in order of finishing
 */
export function hasSettled(trials: readonly ScoredLoss[]): boolean {
  return trials.length >= LEAST && trialsInVain(trials) >= IN_VAIN * trials.length;
}
