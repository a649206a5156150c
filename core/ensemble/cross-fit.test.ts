import { describe, expect, it } from 'vitest';
import { Random } from '../math/random.ts';
import { evaluateMetric } from '../metrics/evaluate.ts';
import { blend } from './blend.ts';
import { crossFitBlend } from './cross-fit.ts';
import { selectEnsemble } from './greedy.ts';

const rows = 200;
const task = { problem: 'binary', classes: 2 } as const;

/** Thirty guesses that know nothing of a coin's side. */
function noise(seed: number) {
  const random = new Random(seed);
  const targets = Float64Array.from({ length: rows }, () => (random.uniform() < 0.5 ? 0 : 1));
  const members = Array.from({ length: 30 }, () => {
    const p = new Float32Array(2 * rows);
    for (let i = 0; i < rows; i++) {
      p[2 * i + 1] = 0.3 + 0.4 * random.uniform();
      p[2 * i] = 1 - p[2 * i + 1]!;
    }
    return p;
  });
  const plan = { problem: 'binary', classes: ['a', 'b'] } as never;
  return { metric: 'roc_auc', task, plan, targets, members, seed } as const;
}

describe('cross-fitted blend', () => {
  it('finds nothing where there is nothing, unlike the score on the rows that chose', () => {
    let honest = 0;
    let hopeful = 0;
    const seeds = [1, 2, 3];
    for (const seed of seeds) {
      const input = noise(seed);
      const weights = selectEnsemble(input);
      const auc = (p: Float32Array) => evaluateMetric('roc_auc', task, input.targets, p) / seeds.length;
      hopeful += auc(blend(input.members, weights));
      honest += auc(crossFitBlend(input, weights));
    }
    expect(hopeful).toBeGreaterThan(0.57);
    expect(honest).toBeLessThan(0.54);
    expect(honest).toBeGreaterThan(0.44);
  });

  it('is the plain blend when time is up', () => {
    const input = { ...noise(7), stop: () => true };
    const weights = input.members.map((_, m) => (m < 2 ? 0.5 : 0));
    expect(crossFitBlend(input, weights)).toEqual(blend(input.members, weights));
  });
});
