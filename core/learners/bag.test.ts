import { describe, expect, it } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import type { FitContext, Learner } from '../contracts/learner.ts';
import { evaluateMetric } from '../metrics/evaluate.ts';
import { fitPreparation, prepare } from '../prep/preparation.ts';
import { sampleColumns, sampleTable } from '../prep/sample-table.ts';
import { numberColumn, stringColumn } from '../prep/table.ts';
import { planFolds } from '../tasks/folds.ts';
import { strataOf } from '../tasks/strata.ts';
import { fitTarget, inUnits } from '../tasks/target.ts';
import { type BagContext, coveredRows, OutOfTimeError, predictBag, trainBag } from './bag.ts';
import { baseline } from './baseline.ts';
import { linear } from './linear.ts';

const context: BagContext = {
  runtime: nodeRuntime,
  seed: 1,
  secondsLeft: () => 1e6,
  cancelled: () => false,
  breathe: () => Promise.resolve(),
  metric: 'roc_auc',
};
const { table, score } = sampleTable(600, 11);
const features = prepare(fitPreparation(table, sampleColumns), table);

function taskOf(kind: 'classification' | 'regression') {
  const column =
    kind === 'regression'
      ? numberColumn('y', Array.from(score, Math.exp))
      : stringColumn(
          'y',
          Array.from(score, (s) => (s > 1 ? 'high' : 'low')),
        );
  const { plan, values } = fitTarget(column, kind);
  const request = { rows: 600, kind: 'random' as const, strata: strataOf(plan, values), budgetSeconds: 60, seed: 0 };
  return { features, target: plan, values, folds: planFolds(request) };
}

describe('a bag', () => {
  const task = taskOf('classification');
  const auc = (p: Float32Array) => evaluateMetric('roc_auc', { problem: 'binary', classes: 2 }, task.values, p);

  it('predicts every row by models that have not seen it', async () => {
    const seen: number[][] = [];
    const spy: Learner = {
      ...baseline,
      fit: (...all) => {
        seen.push([...all[3]]);
        return baseline.fit(...all);
      },
    };
    const bag = await trainBag(spy, { learner: 'baseline' }, task, context);
    expect(bag.models).toHaveLength(8);
    task.folds.folds.forEach((fold, k) => {
      expect([...fold.valid].some((row) => seen[k]!.includes(row))).toBe(false);
    });
    expect(auc(bag.predictions)).toBeCloseTo(0.5, 1);
    expect(auc((await trainBag(linear, { learner: 'linear' }, task, context)).predictions)).toBeGreaterThan(0.9);
  });

  it('may train on fewer, larger folds', async () => {
    const bag = await trainBag(linear, { learner: 'linear', mergeBy: 4 }, task, context);
    expect(bag.models).toHaveLength(2);
    expect(bag.predictions.some(Number.isNaN)).toBe(false);
  });

  it('learns logarithms and answers on the plain scale', async () => {
    const numbers = taskOf('regression');
    const rmse = (p: Float32Array) =>
      evaluateMetric('rmse', { problem: 'regression', classes: 1 }, numbers.values, inUnits(numbers.target, p));
    const plain = await trainBag(linear, { learner: 'linear' }, numbers, context);
    const log = await trainBag(linear, { learner: 'linear', logTarget: true }, numbers, context);
    expect([plain.scale, log.scale]).toEqual(['plain', 'log']);
    // The target is the exponential of something nearly linear.
    expect(rmse(log.predictions)).toBeLessThan(rmse(plain.predictions));
    const again = await predictBag(linear, log, features, numbers.target, nodeRuntime);
    expect(rmse(again)).toBeLessThan(rmse(log.predictions));
  });

  it('is refused where predictions must keep to a direction that the learner cannot keep to', async () => {
    const directions = features.numericNames.map((_, j) => (j === 0 ? 1 : 0) as 1 | 0);
    const directed = { ...task, features: { ...features, directions } };
    await expect(trainBag(linear, { learner: 'linear' }, directed, context)).rejects.toThrow('linear cannot keep');
    expect((await trainBag(baseline, { learner: 'baseline' }, directed, context)).models).toHaveLength(8);
  });

  it('covers only the validated rows of a hold-out', async () => {
    const [fold] = task.folds.folds;
    const held = { ...task, folds: { kind: 'holdout' as const, folds: [fold!] } };
    const bag = await trainBag(linear, { learner: 'linear' }, held, context);
    const covered = coveredRows(held.folds);
    expect(covered).toEqual(fold!.valid);
    expect(bag.predictions.filter((p) => !Number.isNaN(p))).toHaveLength(2 * covered.length);
  });

  it('gives each fold and each group its share of the time, and stops when the rest cannot finish', async () => {
    const shares: number[] = [];
    let left = 80;
    const slow = (seconds: number): Learner => ({
      ...baseline,
      fit: (design, f, target, train, valid, foldContext: FitContext) => {
        shares.push(foldContext.secondsLeft());
        left -= seconds;
        return baseline.fit(design, f, target, train, valid, foldContext);
      },
    });
    const clock = { ...context, secondsLeft: () => left };
    await trainBag(slow(5), { learner: 'baseline' }, task, clock);
    expect(shares[0]).toBeCloseTo(10, 9);
    expect(shares[7]).toBeCloseTo(45, 9);
    left = 80;
    shares.length = 0;
    const sizes: number[] = [];
    const grouped: Learner = {
      ...slow(5),
      together: () => Promise.resolve(3),
      fitTogether: (design, f, target, folds, contexts) => {
        sizes.push(folds.length);
        expect(new Set(contexts.map(({ seed }) => seed)).size).toBe(folds.length);
        return Promise.all(
          folds.map(({ train, valid }, i) => slow(5).fit(design, f, target, train, valid, contexts[i]!)),
        );
      },
    };
    const bag = await trainBag(grouped, { learner: 'baseline' }, task, clock);
    expect(sizes).toEqual([3, 2, 3]);
    expect(shares.map(Math.round)).toEqual([30, 25, 20, 26, 21, 55, 50, 45]);
    expect(bag.predictions).toEqual((await trainBag(baseline, { learner: 'baseline' }, task, context)).predictions);
    left = 80;
    await expect(trainBag(slow(30), { learner: 'baseline' }, task, clock)).rejects.toThrow(OutOfTimeError);
  });
});
