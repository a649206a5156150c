/** Boosted trees whose score may only rise, or only fall, along some columns. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Random } from '../math/random.ts';
import { type BoostOptions, boost } from './boost.ts';
import { orderLeaves } from './directed-levels.ts';
import { predictTrees, type TreeEnsemble } from './ensemble.ts';
import { unpaced } from './pace.ts';
import { type BinnedTable, binTable } from './table.ts';
import { plainOptions } from './testing/options.ts';

const ROWS = 400;

/** Two columns with directions, one with missing values, one free; targets that mostly disobey. */
function sample(seed: number) {
  const random = new Random(seed);
  const columns = [0, 1, 2, 3].map((c) =>
    Float32Array.from({ length: ROWS }, () => (c === 1 && random.uniform() < 0.2 ? Number.NaN : random.normal())),
  );
  const [a, b, c, d] = columns as [Float32Array, Float32Array, Float32Array, Float32Array];
  const signal = Float32Array.from(
    { length: ROWS },
    (_, i) =>
      Math.sin(3 * a[i]!) + 0.4 * a[i]! + (Number.isNaN(b[i]!) ? 1 : b[i]! * c[i]!) + (d[i]! > 0 ? a[i]! : -b[i]! || 0),
  );
  return { columns, signal, noisy: signal.map((v) => v + 0.5 * random.normal()) };
}

function directed(table: BinnedTable, directions: readonly (1 | 0 | -1)[]): BinnedTable {
  const features = table.features.map((feature, f) => {
    const direction = directions[f];
    return direction ? { ...feature, direction } : feature;
  });
  return { ...table, features };
}

/** The largest step against `direction` along a column, from any of many points, missing values left out. */
function worstStep(
  ensemble: TreeEnsemble,
  columns: readonly Float32Array[],
  column: number,
  direction: number,
): number {
  const values = [-3e38, ...Array.from({ length: 81 }, (_, i) => (i - 40) / 10), 3e38];
  let worst = 0;
  for (let row = 0; row < 60; row++) {
    const inputs = columns.map((own, c) =>
      Float32Array.from(values, (v) => (c === column ? v : own[(row * 7 + c * 3) % ROWS]!)),
    );
    const scores = predictTrees(ensemble, inputs, values.length);
    for (let i = 1; i < values.length; i++) worst = Math.max(worst, direction * (scores[i - 1]! - scores[i]!));
  }
  return worst;
}

type Change = Partial<BoostOptions>;
const designs: Record<string, Change> = {
  'leaf by leaf': { leaves: 15 },
  'extra trees of samples': { leaves: 12, extraTrees: true, bagging: 0.7, featureFraction: 0.8 },
  'with L1': { leaves: 15, l1: 2 },
  'of a quantile': { leaves: 10, loss: 'quantile', level: 0.8 },
  'of two classes': { leaves: 15, loss: 'logistic' },
  symmetric: { growth: 'oblivious', depth: 5, randomStrength: 1 },
  'symmetric, of two classes': { growth: 'oblivious', depth: 5, loss: 'logistic', leafSteps: 4, bagging: 0.8 },
  'symmetric, of a quantile': { growth: 'oblivious', depth: 4, loss: 'quantile', level: 0.3 },
};

describe.each(Object.entries(designs))('trees %s', (_, change) => {
  const options = { ...plainOptions, rounds: 25, ...change };
  const grow = async (seed: number, directions: readonly (1 | 0 | -1)[]) => {
    const { columns, noisy } = sample(seed);
    const targets = options.loss === 'logistic' ? noisy.map((v) => (v > 0 ? 1 : 0)) : noisy;
    const table = directed(binTable(columns, 64), directions);
    return { columns, ...(await boost(table, { targets }, undefined, { ...options, seed }, unpaced)) };
  };

  test('never step against a direction, whatever the data', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(1e6),
        fc.constantFrom<1 | -1>(1, -1),
        fc.constantFrom<1 | 0 | -1>(1, 0, -1),
        async (seed, first, second) => {
          const { ensemble, columns } = await grow(seed, [first, second, 0, 0]);
          expect(worstStep(ensemble, columns, 0, first)).toBe(0);
          expect(worstStep(ensemble, columns, 1, second)).toBe(0);
        },
      ),
      { numRuns: 12 },
    );
  });

  test('and do step against it where nothing binds them', async () => {
    const { ensemble, columns } = await grow(1, [0, 0, 0, 0]);
    expect(worstStep(ensemble, columns, 0, 1)).toBeGreaterThan(0.01);
  });
});

test.each(['leafwise', 'oblivious'] as const)(
  '%s: data that keep to the directions are learned as well with them',
  async (growth) => {
    const { columns, noisy } = sample(5);
    const [a, b, c] = columns as [Float32Array, Float32Array, Float32Array];
    const truth = Float32Array.from(noisy, (_, i) => Math.tanh(a[i]!) * 2 - (b[i]! > 0.3 ? 1 : 0) + c[i]! ** 2);
    const random = new Random(2);
    const targets = truth.map((v) => v + 0.3 * random.normal());
    const options = { ...plainOptions, growth, depth: 4, rounds: 60, learningRate: 0.1 };
    const error = async (directions: readonly (1 | 0 | -1)[]) => {
      const table = directed(binTable(columns), directions);
      const { ensemble } = await boost(table, { targets }, undefined, options, unpaced);
      const scores = predictTrees(ensemble, columns, ROWS);
      return Math.sqrt(scores.reduce((sum, s, i) => sum + (s - truth[i]!) ** 2, 0) / ROWS);
    };
    expect(await error([1, -1, 0, 0])).toBeLessThan(1.1 * (await error([0, 0, 0, 0])));
    // Directions that the data contradict cost a lot: they bind.
    expect(await error([-1, 1, 0, 0])).toBeGreaterThan(2 * (await error([0, 0, 0, 0])));
  },
);

test('several classes are refused', async () => {
  const { columns, noisy } = sample(3);
  const table = directed(binTable(columns), [1]);
  const targets = noisy.map((v) => (v > 1 ? 2 : v > 0 ? 1 : 0));
  const run = boost(table, { targets }, undefined, { ...plainOptions, loss: 'softmax', classes: 3 }, unpaced);
  await expect(run).rejects.toThrow('cannot keep to a direction');
});

describe('leaf values put in order', () => {
  const pairs = (levels: number, level: number) =>
    Array.from({ length: 1 << levels }, (_, leaf) => leaf).filter((leaf) => (leaf & (1 << level)) === 0);

  test('are in order at every test, keep what is in order, and the mean where leaves are pooled', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(1, 0, -1), { minLength: 1, maxLength: 6 }), fc.nat(), (directions, seed) => {
        const random = new Random(seed);
        const size = 1 << directions.length;
        const before = Float64Array.from({ length: size }, () => random.normal());
        const weights = Float64Array.from({ length: size }, () => random.uniform() + 0.01);
        const values = before.slice();
        orderLeaves(values, weights, directions);
        directions.forEach((direction, level) => {
          for (const leaf of pairs(directions.length, level))
            expect(direction * (values[leaf | (1 << level)]! - values[leaf]!)).toBeGreaterThanOrEqual(0);
        });
        const mean = (of: Float64Array) => of.reduce((sum, v, i) => sum + weights[i]! * v, 0);
        expect(mean(values)).toBeCloseTo(mean(before), 1);
        const again = values.slice();
        orderLeaves(again, weights, directions);
        expect(again).toEqual(values);
      }),
    );
  });

  test('two leaves in the wrong order become their weighted mean', () => {
    const values = Float64Array.of(3, 0, 1, 2);
    orderLeaves(values, Float64Array.of(1, 2, 1, 1), [1, 0]);
    expect([...values]).toEqual([1, 1, 1, 2]);
  });
});
