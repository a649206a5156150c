/** Shorter trainings where a table holds full ones alone: simulated, and so no more than a hint of what they are worth. */
import { Random } from '#core/math/random.ts';
import { normalScores } from '#core/predictors/normal-scores.ts';
import type { DesignTable } from './design-table.ts';

/** Rank correlation with the full training is its share to this power: 0.85 at a third, 0.72 at a ninth. */
const DECAY = 0.15;

/** The loss of design `i` after a share of the full training: its normal score with noise of its own, the same each time. */
export function simulatedFidelity(table: DesignTable): (i: number, fidelity: number) => number {
  const scores = normalScores(table.losses);
  return (i, fidelity) => {
    const agreement = fidelity ** DECAY;
    const noise = new Random(1_000_003 * (i + 1) + Math.round(1e6 * fidelity)).normal();
    return agreement * scores[i]! + Math.sqrt(1 - agreement ** 2) * noise;
  };
}
