/** Which finished trials finalising makes a model of, and in what order it tries. */

interface Ranked {
  readonly learner: string;
  readonly origin: string;
}

/**
 * What is tried, in order: an ensemble of all; the best trial alone, where the whole does not fit in time or memory or
 * runtimes disagree; the trial that the usable file was made of, which is known to export; the best of another learner,
 * where it is the learner's export that they disagree about; the baseline, which nearly nothing can go wrong with.
 * @param candidates best first
 * @param most of the first attempt
 * @param usable the candidate that the usable file was made of
 */
export function poolsOf<T extends Ranked>(candidates: readonly T[], most: number, usable?: T): T[][] {
  const [best, ...others] = candidates;
  const proven = others.find((candidate) => candidate === usable && candidate.learner !== 'baseline');
  const other = others.find(({ learner }) => learner !== best?.learner && learner !== proven?.learner);
  const plain = others.find((candidate) => candidate.learner === 'baseline' && candidate !== other);
  const alone = [candidates.length > 1 ? best : undefined, proven, other, plain];
  const random = candidates.find(({ origin }) => origin === 'random');
  // What the search is measured against takes part, if need be in the place of the last.
  const ensemble = candidates.filter((candidate, i) => candidate === random || i < most - 1 || (i < most && !random));
  return [ensemble, ...alone.map((candidate) => (candidate ? [candidate] : []))].filter((pool) => pool.length > 0);
}

/**
 * Which pool comes after one that ran out of time. A machine without time for the whole has none for a second try that
 * may be cut as well: the usable trial comes next, or the best one, and gets all the time it needs. Only what does not
 * end even then leaves the baseline.
 * @param at the pool that ran out of time, @param patient whether it had all the time it needed
 * @returns `pools.length` where none is left
 */
export function poolAfterTimeOut<T>(
  pools: readonly (readonly T[])[],
  at: number,
  patient: boolean,
  usable?: T,
): number {
  if (patient) return Math.max(at + 1, pools.length - 1);
  const proven = pools.findIndex((pool, i) => i > at && pool.length === 1 && pool[0] === usable);
  return proven < 0 ? at + 1 : proven;
}

/** Bytes that choosing members takes for each number that one of them predicted: as read, as taken, and while it is scored. */
const bytesPerPrediction = 20;
/** What is left to graphs, the test part and the runtimes. */
const memoryShare = 0.4;

/**
 * Candidates whose predictions fit in the memory of a child beside all else; two at least.
 * @param predictions numbers that one of them predicted out of fold: rows times classes
 */
export function fittingCandidates(predictions: number, megabytes: number): number {
  return Math.max(2, Math.floor((memoryShare * megabytes * 1e6) / (bytesPerPrediction * predictions)));
}
