/**
 * How fast a task was solved, without units: scores of different tables cannot be compared, the share of the way from the
 * simplest model to the best one found can.
 */
import type { Direction } from '../contracts/task.ts';

/** A finished trial, in order of finishing. */
export interface TimedTrial {
  readonly learner: string;
  readonly origin: string;
  readonly score: number;
  readonly seconds: number;
}

/** Score of the simplest model and of the best one. */
export interface Ends {
  readonly start: number;
  readonly end: number;
}

/** Where the way begins and ends; null where nothing better than the beginning is known. */
export function endsOf(trials: readonly TimedTrial[], direction: Direction): Ends | null {
  const first = trials.find(({ learner }) => learner === 'baseline') ?? trials[0];
  if (!first) return null;
  const scores = trials.map(({ score }) => score);
  const end = direction === 'maximize' ? Math.max(...scores) : Math.min(...scores);
  return end === first.score ? null : { start: first.score, end };
}

/**
 * Share of the way gone when trials had taken so many seconds together, from 0 to 1.
 * @param trials all of a task's, or those of one origin: the rest is what they alone had reached
 * @param seconds ascending
 */
export function progressAt(trials: readonly TimedTrial[], ends: Ends, seconds: readonly number[]): number[] {
  let used = 0;
  let share = 0;
  let next = 0;
  return seconds.map((limit) => {
    for (; next < trials.length && used + trials[next]!.seconds <= limit; next++) {
      const { score, seconds: took } = trials[next]!;
      used += took;
      share = Math.max(share, (score - ends.start) / (ends.end - ends.start));
    }
    return share;
  });
}
