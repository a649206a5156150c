import { expect, test } from 'vitest';
import { Random } from '../math/random.ts';
import { boost } from './boost.ts';
import { EarlyStopping, patience } from './early-stopping.ts';
import { predictTrees } from './ensemble.ts';
import { automaticRate, rateThatFits } from './learning-rate.ts';
import { type Pace, unpaced } from './pace.ts';
import { binLike, binTable } from './table.ts';
import { plainOptions } from './testing/options.ts';

const options = plainOptions;

/** y = product of two columns plus a step; two columns of noise. */
function sample(rows: number, seed: number) {
  const random = new Random(seed);
  const columns = [0, 1, 2, 3].map(() => Float32Array.from({ length: rows }, () => random.normal()));
  const targets = Float32Array.from(
    { length: rows },
    (_, i) => columns[0]![i]! * columns[1]![i]! + (columns[2]![i]! > 0.5 ? 2 : 0) + 0.1 * random.normal(),
  );
  return { columns, targets };
}

function rmse(scores: Float64Array, targets: Float32Array): number {
  return Math.sqrt(scores.reduce((sum, s, i) => sum + (s - targets[i]!) ** 2, 0) / targets.length);
}

test.each(['leafwise', 'oblivious'] as const)(
  '%s: fits without a learner around it, on plain float columns',
  async (growth) => {
    const train = sample(1500, 1);
    const fresh = sample(1000, 2);
    const table = binTable(train.columns);
    const { ensemble, rounds } = await boost(table, train, undefined, { ...options, growth, depth: 5 }, unpaced);
    expect(rounds).toBe(100);
    expect(rmse(predictTrees(ensemble, fresh.columns, 1000), fresh.targets)).toBeLessThan(0.45);
  },
);

test('keeps the round that the held-out rows like best', async () => {
  const train = sample(400, 3);
  const held = sample(300, 4);
  const noisy = { ...train, targets: train.targets.map((y, i) => y + 2 * Math.sin(i * 12.9898)) };
  const table = binTable(train.columns);
  const heldOut = { table: binLike(table.features, held.columns), data: held };
  const run = { ...options, rounds: 2000, leaves: 31, minRows: 1, learningRate: 0.3 };
  const result = await boost(table, noisy, heldOut, run, unpaced);
  expect(result.stoppedBy).toBe('patience');
  expect(result.rounds).toBeLessThan(result.grown);
  expect(result.curve[result.rounds - 1]).toBe(Math.min(...result.curve));
  const again = predictTrees(result.ensemble, held.columns, 300);
  expect(rmse(again, held.targets)).toBeCloseTo(result.curve[result.rounds - 1]!, 5);
  again.forEach((score, i) => void expect(score).toBeCloseTo(result.heldOutScores![i]!, 4));
});

test('a row of weight two counts like two rows', async () => {
  const one = sample(300, 5);
  const twice = (values: Float32Array) => Float32Array.from({ length: 600 }, (_, i) => values[i % 300]!);
  const table = binTable(one.columns);
  const features = table.features;
  const doubled = binLike(features, one.columns.map(twice));
  const weights = new Float32Array(300).fill(2);
  for (const growth of ['leafwise', 'oblivious'] as const) {
    // Row limits are estimated from hessians, so both runs see the same sums.
    const run = { ...options, growth, depth: 3, rounds: 10, minRows: 1, minHessian: 4 };
    const a = await boost(table, { ...one, weights }, undefined, run, unpaced);
    const b = await boost(doubled, { targets: twice(one.targets) }, undefined, run, unpaced);
    const [x, y] = [a, b].map((r) => predictTrees(r.ensemble, one.columns, 300));
    expect(rmse(x!, Float32Array.from(y!))).toBeLessThan(1e-4);
  }
});

test('stops soon when there is nothing to split', async () => {
  const table = binTable([new Float32Array(50).fill(3)]);
  const targets = Float32Array.from({ length: 50 }, (_, i) => i % 2);
  const result = await boost(table, { targets }, undefined, options, unpaced);
  expect(result.stoppedBy).toBe('nothing to split');
  expect(predictTrees(result.ensemble, [Float32Array.of(1)], 1)[0]).toBeCloseTo(0.5, 6);
});

test('a round whose random tests find nothing does not end training', async () => {
  // Few rows, one random threshold per feature and strong limits: most trees stay empty.
  const train = sample(60, 7);
  const table = binTable(train.columns);
  const run = { ...options, extraTrees: true, featureFraction: 0.5, minRows: 25, l1: 2, rounds: 300 };
  const result = await boost(table, train, undefined, run, unpaced);
  const empty = result.ensemble.starts.filter((start, t, all) => t > 0 && start - all[t - 1]! === 1).length;
  expect(empty).toBeGreaterThan(0);
  expect(result.grown).toBeGreaterThan(empty + 20);
});

test('rests while it works and passes on a refusal', async () => {
  const train = sample(20_000, 6);
  let rests = 0;
  const pace: Pace = {
    secondsLeft: () => Infinity,
    async rest() {
      if (++rests === 3) throw new Error('enough');
    },
  };
  await expect(boost(binTable(train.columns), train, undefined, options, pace)).rejects.toThrow('enough');
});

test('patience and learning rates follow their formulas', () => {
  expect(patience(5000, 0)).toBe(300);
  expect(patience(30_000, 0)).toBe(100);
  expect(patience(1_000_000, 0)).toBe(20);
  expect(patience(30_000, 2000)).toBe(620);
  expect(automaticRate('logistic', 1000, 1000)).toBeCloseTo(0.032, 3);
  expect(automaticRate('logistic', 100_000, 1000)).toBeCloseTo(0.1, 2);
  expect(rateThatFits(0.05, 0, 1000, 5000)).toBe(0.05);
  expect(rateThatFits(0.05, 0, 100, 5000)).toBeCloseTo(0.2, 6);
  expect(rateThatFits(0.05, 0, 2, 5000)).toBe(0.3);
  const stopping = new EarlyStopping(1, 1_000_000);
  expect(stopping.record(1, 0.5)).toBe(true);
  expect(stopping.record(2, 0.5)).toBe(false);
  expect(stopping.exhausted(20)).toBe(false);
  expect(stopping.exhausted(21)).toBe(true);
});

test.each(['leafwise', 'oblivious'] as const)(
  '%s: leaves of a quantile loss bound the share they name',
  async (growth) => {
    const train = sample(1500, 5);
    const fresh = sample(1000, 6);
    const run = { ...options, growth, depth: 4, loss: 'quantile', level: 0.9, bagging: 0.8 } as const;
    const { ensemble } = await boost(binTable(train.columns), train, undefined, run, unpaced);
    const scores = predictTrees(ensemble, fresh.columns, 1000);
    const below = fresh.targets.reduce((sum, y, i) => sum + (y <= scores[i]! ? 1 : 0), 0) / 1000;
    expect(below).toBeGreaterThan(0.8);
    expect(below).toBeLessThan(0.96);
  },
);

test('one tree a round parts all classes, for the tests of one', async () => {
  const train = sample(1500, 7);
  const fresh = sample(1000, 8);
  const labels = (of: { targets: Float32Array }) => of.targets.map((y) => (y > 1 ? 3 : y > 0.3 ? 2 : y > -0.3 ? 1 : 0));
  const run = { ...options, loss: 'softmax', classes: 4, sharedTrees: true, bagging: 0.9 } as const;
  const data = { targets: labels(train) };
  const { ensemble, rounds } = await boost(binTable(train.columns), data, undefined, run, unpaced);
  expect(ensemble.targets.length).toBe(rounds);
  const scores = predictTrees(ensemble, fresh.columns, 1000);
  const right = labels(fresh).filter((label, i) => {
    const own = scores.subarray(4 * i, 4 * i + 4);
    return own.indexOf(Math.max(...own)) === label;
  });
  expect(right.length).toBeGreaterThan(800);
});
