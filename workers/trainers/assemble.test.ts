import { expect, test } from 'vitest';
import { CROSS_FIT_ROWS } from '#core/ensemble/cross-fit.ts';
import { Random } from '#core/math/random.ts';
import type { Prepared } from '#core/tasks/prepared-task.ts';
import { assemble, type Candidate, priorWeights, worthBlending } from './assemble.ts';

const candidate = (learner: string, score: number) => ({ learner, score });

test('the baseline is blended only while nothing beats it', () => {
  const [base, good, bad] = [candidate('baseline', 0.5), candidate('linear', 0.9), candidate('boosting', 0.4)];
  expect(worthBlending([base, good, bad], 'roc_auc')).toEqual([good, bad]);
  expect(worthBlending([base, bad], 'roc_auc')).toEqual([base, bad]);
  // Smaller is better here.
  expect(worthBlending([base, good, bad], 'rmse')).toEqual([good, bad]);
  expect(worthBlending([base, good], 'rmse')).toEqual([base, good]);
  expect(worthBlending([base], 'roc_auc')).toEqual([base]);
  expect(worthBlending([good], 'roc_auc')).toEqual([good]);
});

test('before any score, half of the weight is on the first linear model and half on the portfolio alike', () => {
  const trial = (number: number, learner: string, origin = 'portfolio') => ({ number, learner, origin });
  const pool = [trial(9, 'linear', 'mutation'), trial(3, 'boosting'), trial(2, 'linear'), trial(5, 'mlp', 'random')];
  expect(priorWeights(pool)).toEqual([0, 0.25, 0.75, 0]);
  expect(priorWeights(pool.slice(1, 2))).toEqual([1]);
  expect(priorWeights(pool.slice(0, 1))).toEqual([1]);
  expect(priorWeights(pool.slice(3))).toBeNull();
});

test('members chosen before come to the same ensemble without the candidates that were left', () => {
  const rows = CROSS_FIT_ROWS;
  const random = new Random(1);
  const all = Int32Array.from({ length: rows }, (_, i) => i);
  const targetValues = Float64Array.from(all, () => random.integer(2));
  const prepared = {
    target: { problem: 'binary', classes: ['no', 'yes'] },
    targetValues,
    folds: { kind: 'random', folds: [{ train: all, valid: all }] },
    positive: 1,
  } as unknown as Prepared;
  const candidates = [0.3, 0.8, 0.9, 0.5].map((noise, number): Candidate => {
    const predictions = new Float32Array(2 * rows);
    for (const row of all) {
      const yes = 1 / (1 + Math.exp((targetValues[row] ? -1 : 1) + 3 * noise * random.normal()));
      predictions.set([1 - yes, yes], 2 * row);
    }
    const bag = { learner: 'linear', scale: 'plain' as const, models: [], predictions, steps: [1], notes: [] };
    const of = { origin: 'random', learner: 'linear', summary: '', design: { learner: 'linear' }, score: noise };
    return { trialId: '', number, rowMs: 1, bag, ...of };
  });
  const options = { metric: 'log_loss', seed: 3, rowMsLimit: 1e9 } as const;
  const whole = assemble(prepared, candidates, options);
  expect(whole.members.length).toBeGreaterThan(1);
  const members = whole.members.map(({ candidate }) => candidate);
  const again = assemble(prepared, members, { ...options, weights: whole.members.map(({ weight }) => weight) });
  expect(again).toEqual(whole);
});
