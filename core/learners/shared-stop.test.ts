import { describe, expect, it } from 'vitest';
import type { FoldFit } from '../contracts/learner.ts';
import { shareStop } from './shared-stop.ts';

/** A fold whose losses after 1, 2, … rounds are given; it would keep its own best. */
function fold(losses: readonly number[]): FoldFit {
  const taken = (round: number) => ({
    model: { state: { round }, arrays: {} },
    validPredictions: Float32Array.of(round),
    steps: round,
  });
  return {
    ...taken(1 + losses.indexOf(Math.min(...losses))),
    notes: [],
    checkpoints: losses.map((loss, i) => ({ at: i + 1, loss, take: () => taken(i + 1) })),
  };
}

const stepsOf = (fits: readonly FoldFit[], rows: readonly number[]) => shareStop(fits, rows).map(({ steps }) => steps);

describe('shared stop', () => {
  it('takes the minimum of the mean curve, not of each', () => {
    expect(stepsOf([fold([3, 1, 2, 4]), fold([3, 2.5, 1, 4])], [10, 10])).toEqual([3, 3]);
  });

  it('weighs folds by their validation rows', () => {
    expect(stepsOf([fold([3, 1, 2, 4]), fold([3, 2.5, 1, 4])], [100, 10])).toEqual([2, 2]);
  });

  it('leaves a fold that ended early as it ended', () => {
    expect(stepsOf([fold([3, 2]), fold([9, 6, 3, 1])], [10, 10])).toEqual([2, 4]);
  });

  it('keeps folds as they are where one has no checkpoints', () => {
    const { checkpoints: _, ...plain } = fold([2, 1]);
    expect(stepsOf([plain, fold([1, 2])], [10, 10])).toEqual([2, 1]);
  });
});
