/** Which trials give the best score for their cost. */
import type { Direction } from '#core/contracts/task.ts';
import { firstFront } from '#core/math/pareto.ts';

export interface Candidate {
  readonly score: number;
  /** Smaller is better. */
  readonly cost: number;
}

/** The candidates that no other one beats in both score and cost, cheapest first; of equals the first stays. */
export function paretoFront<C extends Candidate>(candidates: readonly C[], direction: Direction): C[] {
  const sign = direction === 'maximize' ? -1 : 1;
  const front = firstFront(candidates.map(({ cost, score }) => [cost, sign * score])).map((i) => candidates[i]!);
  return front.filter(({ cost }, at) => cost !== front[at - 1]?.cost);
}
