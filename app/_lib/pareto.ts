/** Which trials give the best score for their cost. */
import type { Direction } from '#core/contracts/task.ts';
import { isBetter } from './best-curve.ts';

export interface Candidate {
  readonly score: number;
  /** Smaller is better. */
  readonly cost: number;
}

/** The candidates that no other one beats in both score and cost, cheapest first; of equals the first stays. */
export function paretoFront<C extends Candidate>(candidates: readonly C[], direction: Direction): C[] {
  const byCost = [...candidates].sort(
    (a, b) =>
      a.cost - b.cost || (isBetter(direction, a.score, b.score) ? -1 : isBetter(direction, b.score, a.score) ? 1 : 0),
  );
  const front: C[] = [];
  for (const candidate of byCost) {
    const best = front.at(-1);
    if (!best || isBetter(direction, candidate.score, best.score)) front.push(candidate);
  }
  return front;
}
