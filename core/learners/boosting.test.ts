import { describe, expect, test } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { webRuntime } from '#workers/runtime/onnxruntime-web.ts';
import type { FoldFit, Problem } from '../contracts/learner.ts';
import {
  foldRows,
  largestDifference,
  makeTable,
  meanPrediction,
  runExported,
  steadyClock,
  type TestTable,
  testContext,
} from './boosting/testing/tables.ts';
import { boosting } from './boosting.ts';

const shared = { rounds: 60, learningRate: 0.15, minRows: 3, oneHotLimit: 8 };
const designs = {
  leafwise: { ...shared, growth: 'leafwise', leaves: 15, featureFraction: 0.7, bagging: 0.8, l1: 0.1, l2: 0.5 },
  extra: { ...shared, growth: 'leafwise', leaves: 15, extraTrees: true },
  oblivious: { ...shared, growth: 'oblivious', depth: 4, l2: 3, randomStrength: 1, bagging: 0.8, leafSteps: 3 },
};

type Design = Readonly<Record<string, string | number | boolean>>;

async function fitBag(table: TestTable, design: Design, folds = 3): Promise<FoldFit[]> {
  const fits: FoldFit[] = [];
  for (let fold = 0; fold < folds; fold++) {
    const { train, valid } = foldRows(table.features.rows, folds, fold);
    fits.push(await boosting.fit(design, table.features, table.target, train, valid, testContext(nodeRuntime)));
  }
  return fits;
}

describe.each(Object.entries(designs))('%s', (_, design) => {
  test.each<Problem>(['binary', 'multiclass', 'regression'])(
    '%s: the exported bag is the trained one',
    async (problem) => {
      const table = makeTable(problem, 900, 5);
      const fits = await fitBag(table, design);
      const models = fits.map((fit) => fit.model);
      // Fresh rows, with codes, extremes and missing values in combinations that training never saw.
      const fresh = { ...makeTable(problem, 2000, 6), target: table.target };
      for (const rows of [table, fresh]) {
        const expected = await meanPrediction(nodeRuntime, boosting, models, rows);
        for (const runtime of [nodeRuntime, webRuntime]) {
          const actual = await runExported(runtime, boosting, models, rows);
          expect(largestDifference(actual, expected)).toBeLessThan(1e-5);
        }
      }
    },
  );

  test.each<Problem>(['binary', 'multiclass', 'regression'])('%s: beats a constant on fresh rows', async (problem) => {
    const table = makeTable(problem, 1200, 7);
    const [fit] = await fitBag(table, design);
    const fresh = makeTable(problem, 1500, 8);
    const predictions = await meanPrediction(nodeRuntime, boosting, [fit!.model], fresh);
    const constant = Float32Array.from(predictions, (_, i) => {
      const { classes, values } = table.target;
      if (problem === 'regression') return 0;
      return values.filter((v) => v === i % classes).length / values.length;
    });
    expect(loss(predictions, fresh)).toBeLessThan(0.75 * loss(constant, fresh));
  });
});

function loss(predictions: Float32Array, { target, features }: TestTable): number {
  let sum = 0;
  for (let row = 0; row < features.rows; row++) {
    const truth = target.values[row]!;
    if (target.problem === 'regression') sum += (predictions[row]! - truth) ** 2;
    else sum -= Math.log(Math.max(1e-12, predictions[row * target.classes + truth]!));
  }
  return sum / features.rows;
}

test('validation predictions are those of the stored model', async () => {
  const table = makeTable('multiclass', 600, 9);
  const { train, valid } = foldRows(600, 3, 1);
  const fit = await boosting.fit(
    designs.oblivious,
    table.features,
    table.target,
    train,
    valid,
    testContext(nodeRuntime),
  );
  const again = await boosting.predict(fit.model, table.features, valid, table.target, nodeRuntime);
  expect(largestDifference(fit.validPredictions, again)).toBeLessThan(1e-6);
  expect(fit.steps).toBe(fit.model.state.rounds);
});

test('the same seed gives the same trees, another seed others', async () => {
  const table = makeTable('binary', 500, 10);
  const { train, valid } = foldRows(500, 4, 0);
  const run = (seed: number) =>
    boosting.fit(designs.leafwise, table.features, table.target, train, valid, testContext(nodeRuntime, { seed }));
  const [a, b, c] = [await run(3), await run(3), await run(4)];
  expect(a.model).toEqual(b.model);
  expect(a.validPredictions).not.toEqual(c.validPredictions);
});

test('targets of held-out rows never reach the model, and categories that mean nothing do not help', async () => {
  const table = makeTable('binary', 800, 11);
  const rows = table.features.rows;
  // A column of 200 random categories: without ordered statistics it would look like a perfect feature.
  const codes = new Int32Array(rows);
  for (let i = 0; i < rows; i++) codes[i] = 2 + ((i * 7919) % 211);
  const features = { ...table.features, categoricalNames: ['id'], cardinalities: [213], codes };
  const noise = { ...table.target, values: table.target.values.map((_, i) => (Math.imul(i, 2654435761) >>> 13) & 1) };
  const { train, valid } = foldRows(rows, 4, 0);
  const context = testContext(nodeRuntime);
  const fit = await boosting.fit(designs.oblivious, features, noise, train, valid, context);
  const flipped = { ...noise, values: noise.values.slice() };
  for (const row of valid) flipped.values[row] = 1 - flipped.values[row]!;
  const one = { ...designs.oblivious, rounds: 1, learningRate: 0.01 };
  const a = await boosting.fit(one, features, noise, train, valid, context);
  const b = await boosting.fit(one, features, flipped, train, valid, context);
  expect(a.model.arrays.table_0).toEqual(b.model.arrays.table_0);
  let loss = 0;
  valid.forEach((row, i) => {
    loss -= Math.log(fit.validPredictions[2 * i + noise.values[row]!]!);
  });
  expect(Math.abs(loss / valid.length - Math.LN2)).toBeLessThan(0.05);
});

test('raises the learning rate and stops in time when the clock runs', async () => {
  const table = makeTable('binary', 2000, 12);
  const { train, valid } = foldRows(2000, 4, 0);
  const secondsLeft = steadyClock(0.5, 0.01);
  const context = testContext(nodeRuntime, { secondsLeft });
  const design = { growth: 'leafwise', leaves: 63, rounds: 100_000, learningRate: 0.0005, minRows: 3 };
  const fit = await boosting.fit(design, table.features, table.target, train, valid, context);
  expect(secondsLeft()).toBeGreaterThan(-0.05);
  expect(fit.model.state.learningRate).toBeGreaterThan(0.0005);
  expect(fit.steps).toBeGreaterThan(10);
});

test('stops when cancelled', async () => {
  const table = makeTable('binary', 3000, 13);
  const { train, valid } = foldRows(3000, 4, 0);
  const context = testContext(nodeRuntime, { cancelled: () => true });
  const fit = boosting.fit(designs.leafwise, table.features, table.target, train, valid, context);
  await expect(fit).rejects.toThrow('cancelled');
});

test('names a decision of the wrong type', async () => {
  const table = makeTable('binary', 100, 14);
  const { train, valid } = foldRows(100, 4, 0);
  const fit = boosting.fit({ leaves: 'many' }, table.features, table.target, train, valid, testContext(nodeRuntime));
  await expect(fit).rejects.toThrow('Decision leaves');
});

describe('along a column with a direction', () => {
  const directions = [1, -1, 0, 0] as const;
  const directed = (table: TestTable): TestTable => ({ ...table, features: { ...table.features, directions } });

  /** The first row again and again, but for the column `column`, which takes every value of a grid in ascending order. */
  function along(table: TestTable, column: number, row: number): TestTable {
    const { features } = table;
    const grid = [-3e38, ...Array.from({ length: 121 }, (_, i) => (i - 60) / 12), 3e38];
    const rows = grid.length;
    const numeric = Float32Array.from({ length: 4 * rows }, (_, i) => {
      const c = Math.floor(i / rows);
      return c === column ? grid[i % rows]! : features.numeric[c * features.rows + row]!;
    });
    const codes = Int32Array.from(
      { length: 3 * rows },
      (_, i) => features.codes[Math.floor(i / rows) * features.rows + row]!,
    );
    return { ...table, features: { ...features, rows, numeric, codes } };
  }

  test.each([
    ['leafwise', 'binary'],
    ['extra', 'regression'],
    ['oblivious', 'binary'],
    ['oblivious', 'regression'],
  ] as const)('%s, %s: the exported file keeps to it on both runtimes', async (name, problem) => {
    const table = directed(makeTable(problem, 700, 9));
    const fits = await fitBag(table, { ...designs[name], pairs: 4 }, 2);
    const models = fits.map(({ model }) => model);
    for (const runtime of [nodeRuntime, webRuntime]) {
      for (const [column, direction] of [
        [0, 1],
        [1, -1],
      ] as const) {
        for (const row of [0, 5, 33, 250]) {
          const out = await runExported(runtime, boosting, models, along(table, column, row));
          const width = table.target.classes;
          const scores = out.filter((_, i) => i % width === width - 1);
          for (let i = 1; i < scores.length; i++) {
            // The mean over folds is rounded once more.
            expect(direction * (scores[i]! - scores[i - 1]!)).toBeGreaterThanOrEqual(-1e-7);
          }
        }
      }
    }
  });
});
