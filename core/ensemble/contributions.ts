/** What each member is worth: the ensemble against itself without the member, on the same out-of-fold rows. */
import { type Interval, pairedInterval } from '../metrics/bootstrap.ts';
import type { Evaluator } from '../metrics/types.ts';
import { blend } from './blend.ts';

export interface ContributionInput {
  /** Out-of-fold predictions of each member, row-major. */
  readonly members: readonly Float32Array[];
  /** Summing to 1. */
  readonly weights: readonly number[];
  /** Prepares the metric, as a loss, on blended predictions. */
  readonly lossOf: (blended: Float32Array) => Evaluator;
  /** Rows that the loss is over. */
  readonly rows: number;
  readonly seed: number;
  /** Asked before each member; once it is true the others are left out. */
  readonly stop?: () => boolean;
}

/** What the score loses without a member, in its own unit, with the paired bootstrap's 95 % interval. */
export interface Contribution extends Interval {
  readonly value: number;
}

/** Bootstrap samples times rows: about a tenth of a second a member. */
const sampledRows = 2e6;

/**
 * One per member; null where there are no others, or no time. The weights of those that stay are scaled up. They were
 * chosen on these rows with the member beside them: without it others would be weighed anew and make up for some of it.
 */
export function memberContributions(input: ContributionInput): (Contribution | null)[] {
  const { members, weights, lossOf, rows, seed, stop } = input;
  if (members.length < 2) return members.map(() => null);
  const whole = lossOf(blend(members, weights));
  const samples = Math.max(40, Math.min(200, Math.round(sampledRows / rows)));
  return members.map((_, m) => {
    if (stop?.()) return null;
    const rest = 1 - weights[m]!;
    const others = weights.map((weight, i) => (i === m ? 0 : weight / rest));
    const without = lossOf(blend(members, others));
    const { low, high } = pairedInterval(without, whole, rows, { seed, samples });
    return { value: without() - whole(), low, high };
  });
}
