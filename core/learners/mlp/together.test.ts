/** Folds that train side by side, and folds of several networks. */
import { describe, expect, test } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import type { FitContext } from '../../contracts/learner.ts';
import {
  foldRows,
  largestDifference,
  makeTable,
  meanPrediction,
  runExported,
  testContext,
} from '../boosting/testing/tables.ts';
import { mlp } from '../mlp.ts';
import { FoldKeeper } from './kept.ts';
import { foldsTogether } from './together.ts';

/** 100 and 101 training rows: folds differ in size by one. */
const ROWS = 151;
const folds = [0, 1, 2].map((k) => foldRows(ROWS, 3, k));
const small = { width: 12, layers: 2, epochs: 12, dropout: 0.1, batchSize: 16 };
const contexts = (more: Partial<FitContext> = {}) =>
  [5, 6, 7].map((seed) => testContext(nodeRuntime, { seed, ...more }));

describe.each([
  ['binary', 'ple', 'log_loss'],
  ['multiclass', 'pbld', 'accuracy'],
  ['regression', 'none', 'rmse'],
] as const)('%s with %s', (problem, numericEmbedding, metric) => {
  const table = makeTable(problem, ROWS, 3, 4);
  const { features, target } = table;

  test('every fold is what it is alone, bit by bit', async () => {
    const design = { ...small, numericEmbedding };
    const each = contexts({ metric, fewRows: true, judgedElsewhere: true });
    const together = await mlp.fitTogether!(design, features, target, folds, each);
    expect(together.map(({ validPredictions }) => validPredictions.length / target.classes)).toEqual([51, 50, 50]);
    for (const [k, { train, valid }] of folds.entries()) {
      const alone = await mlp.fit(design, features, target, train, valid, each[k]!);
      const { checkpoints, ...fit } = together[k]!;
      const { checkpoints: own, ...rest } = alone;
      expect(fit).toEqual(rest);
      const taken = (of: typeof own) => of!.map(({ at, loss, take }) => ({ at, loss, ...take() }));
      expect(taken(checkpoints)).toEqual(taken(own));
      expect(checkpoints!.length).toBeGreaterThan(5);
    }
  });

  test('a fold of several networks predicts their mean, here and in the exported file', async () => {
    const design = { ...small, numericEmbedding, seeds: 3 };
    const fits = await mlp.fitTogether!(design, features, target, folds, contexts({ metric }));
    const models = fits.map(({ model }) => model);
    const [one] = await mlp.fitTogether!({ ...design, seeds: 1 }, features, target, [folds[0]!], contexts({ metric }));
    expect(models[0]!.arrays.parameters!.length).toBe(3 * one!.model.arrays.parameters!.length);
    for (const [k, { valid }] of folds.entries()) {
      const again = await mlp.predict(models[k]!, features, valid, target, nodeRuntime);
      expect(largestDifference(again, fits[k]!.validPredictions)).toBeLessThan(1e-5);
    }
    const mean = await meanPrediction(nodeRuntime, mlp, models, table);
    expect(largestDifference(await runExported(nodeRuntime, mlp, models, table), mean)).toBeLessThan(1e-5);
  });
});

test('weights that are not those of whole networks are refused', async () => {
  const { features, target } = makeTable('binary', ROWS, 3);
  const { train, valid } = folds[0]!;
  const { model } = await mlp.fit({ ...small, epochs: 1 }, features, target, train, valid, testContext(nodeRuntime));
  const cut = { ...model, arrays: { parameters: (model.arrays.parameters as Float32Array).slice(1) } };
  await expect(mlp.predict(cut, features, valid, target, nodeRuntime)).rejects.toThrow('do not fit its design');
});

test('narrow networks train all folds at once, wide ones some or one, and folds that are not alike one', async () => {
  const { features, target } = makeTable('binary', ROWS, 3);
  const together = (design: Record<string, string | number>, some = folds) =>
    foldsTogether({ numericEmbedding: 'none', ...design }, features, target, some, testContext(nodeRuntime));
  const narrow = await together({ width: 16 });
  expect(narrow).toBeGreaterThanOrEqual(8);
  expect(await together({ width: 16, seeds: 4 })).toBe(Math.floor(narrow / 4));
  expect(await together({ width: 1024 })).toBe(1);
  expect(await together({ width: 64, batchSize: 8 })).toBeGreaterThan(await together({ width: 64, batchSize: 32 }));
  const time = [70, 90, 110].map((n) => ({ train: folds[0]!.train.slice(0, n), valid: folds[0]!.valid }));
  expect(await together({ width: 16 }, time)).toBe(1);
  const shifted = folds.map(({ train, valid }, k) => ({ train, valid: valid.slice(k) }));
  expect(await together({ width: 16 }, shifted)).toBe(1);
});

describe('what a fold keeps', () => {
  const look = (loss: number) => ({ loss, predictions: Float32Array.of(loss) });
  const context = testContext(nodeRuntime, { fewRows: true });

  test('is its best look, the later of equal ones, and nothing after it diverged', () => {
    const keeper = new FoldKeeper(context, 4);
    keeper.look(look(0.5), 10, 0.1, () => Float32Array.of(10));
    keeper.look(look(0.4), 20, 0.2, () => Float32Array.of(20));
    keeper.look(look(0.4), 30, 0.3, () => Float32Array.of(30));
    keeper.look(look(Number.NaN), 40, 0.4, () => Float32Array.of(40));
    keeper.diverge(45, 100);
    keeper.look(look(0.1), 50, 0.5, () => Float32Array.of(50));
    const kept = keeper.kept(60, null);
    expect(kept).toMatchObject({ step: 30, parameters: Float32Array.of(30), predictions: Float32Array.of(0.4) });
    expect(kept.notes).toEqual(['diverged at step 45 of 100']);
    expect(kept.checkpoints.map(({ loss }) => loss)).toEqual([0.5, 0.4, 0.4]);
  });

  test('is the end where nothing validates, and an error where it diverged before it was looked at', () => {
    expect(new FoldKeeper(context, 4).kept(9, Float32Array.of(1))).toMatchObject({
      step: 9,
      predictions: new Float32Array(0),
    });
    const keeper = new FoldKeeper(context, 4);
    keeper.diverge(3, 100);
    expect(() => keeper.kept(9, null)).toThrow('diverged before its first validation');
    expect(() => keeper.kept(9, Float32Array.of(1))).toThrow('diverged before its first validation');
  });
});
