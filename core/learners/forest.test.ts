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
  testContext,
} from './boosting/testing/tables.ts';
import { forest } from './forest.ts';

describe.each([true, false])('extra trees: %s', (extra) => {
  test.each<Problem>(['binary', 'multiclass', 'regression'])(
    '%s: the exported bag is the trained one',
    async (problem) => {
      const table = makeTable(problem, 700, 21, 4);
      const fits: FoldFit[] = [];
      for (let fold = 0; fold < 2; fold++) {
        const { train, valid } = foldRows(700, 2, fold);
        const design = { extra, trees: 30, maxLeaves: 64, minRows: 2, oneHotLimit: 8 };
        fits.push(await forest.fit(design, table.features, table.target, train, valid, testContext(nodeRuntime)));
      }
      const models = fits.map((fit) => fit.model);
      const fresh = { ...makeTable(problem, 1500, 22, 4), target: table.target };
      const expected = await meanPrediction(nodeRuntime, forest, models, fresh);
      for (const runtime of [nodeRuntime, webRuntime]) {
        expect(largestDifference(await runExported(runtime, forest, models, fresh), expected)).toBeLessThan(1e-5);
      }
      if (problem !== 'regression') {
        const { classes } = table.target;
        for (let i = 0; i < fresh.features.rows; i++) {
          const sum = expected.slice(i * classes, (i + 1) * classes).reduce((a, b) => a + b, 0);
          expect(Math.abs(sum - 1)).toBeLessThan(1e-5);
        }
      }
    },
  );

  test('learns: explains most of the variance that can be explained', async () => {
    const table = makeTable('regression', 1500, 23);
    const { train, valid } = foldRows(1500, 5, 0);
    const design = { extra, trees: 60, maxLeaves: 300, minRows: 2, featureFraction: 0.6 };
    const fit = await forest.fit(design, table.features, table.target, train, valid, testContext(nodeRuntime));
    let error = 0;
    let constant = 0;
    const mean = table.target.values.reduce((a, b) => a + b, 0) / 1500;
    valid.forEach((row, i) => {
      error += (fit.validPredictions[i]! - table.target.values[row]!) ** 2;
      constant += (mean - table.target.values[row]!) ** 2;
    });
    expect(error / constant).toBeLessThan(0.5);
    expect(fit.steps).toBe(60);
  });
});

test('stops in time with the trees it has', async () => {
  const table = makeTable('binary', 2000, 24);
  const { train, valid } = foldRows(2000, 4, 0);
  const secondsLeft = steadyClock(0.3, 0.01);
  const context = testContext(nodeRuntime, { secondsLeft });
  const fit = await forest.fit({ trees: 1e6 }, table.features, table.target, train, valid, context);
  expect(secondsLeft()).toBeGreaterThan(-0.05);
  expect(fit.steps).toBeGreaterThan(1);
  expect(fit.notes[0]).toContain('time limit');
});
