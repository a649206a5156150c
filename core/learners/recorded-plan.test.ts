/** Training that a clock cut short, trained again from its plan alone: the same model, bit by bit. */
import { describe, expect, test } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import type { FitContext, FoldFit, Learner } from '../contracts/learner.ts';
import { trainBag } from './bag.ts';
import { baseline } from './baseline.ts';
import { foldRows, makeTable, steadyClock, type TestTable, testContext } from './boosting/testing/tables.ts';
import { boosting } from './boosting.ts';
import { forest } from './forest.ts';
import { linear } from './linear.ts';
import { mlp } from './mlp.ts';
import { packBag, unpackBag } from './packed-bag.ts';

const long = { rounds: 100_000, learningRate: 0.0005, minRows: 3 };
const network = { epochs: 10_000, layers: 2, width: 16, numericEmbedding: 'none' };

interface Case {
  readonly name: string;
  readonly learner: Learner;
  readonly design: Readonly<Record<string, string | number | boolean>>;
  /** For so many folds. */
  readonly clock: (folds: number) => () => number;
  readonly cut: string;
}

const cases: readonly Case[] = [
  {
    name: 'leaf-wise boosting',
    learner: boosting,
    design: { growth: 'leafwise', leaves: 15, featureFraction: 0.7, bagging: 0.8, ...long },
    clock: (folds) => steadyClock(0.2 * folds, 0.01),
    cut: 'Rate raised',
  },
  {
    name: 'oblivious boosting',
    learner: boosting,
    design: { growth: 'oblivious', depth: 4, randomStrength: 1, ...long, learningRate: 0.3 },
    clock: (folds) => steadyClock(0.05 * folds, 0.01),
    cut: 'Stopped by the time limit',
  },
  {
    name: 'a forest',
    learner: forest,
    design: { trees: 500, maxLeaves: 30 },
    clock: (folds) => steadyClock(0.3 * folds, 0.01),
    cut: 'Stopped by the time limit',
  },
  {
    name: 'a linear model',
    learner: linear,
    design: { basis: 'spline', mix: 0.5 },
    clock: (folds) => steadyClock(0.6 * folds, 0.01),
    cut: 'stopped by the time limit',
  },
  {
    name: 'a network',
    learner: mlp,
    design: network,
    clock: (folds) => steadyClock(0.4 * folds, 0.005),
    cut: 'shortened by the time limit',
  },
  {
    name: 'a residual network',
    learner: mlp,
    design: { ...network, architecture: 'residual' },
    clock: (folds) => steadyClock(0.4 * folds, 0.005),
    cut: 'shortened by the time limit',
  },
  {
    name: 'an ensemble that shares its layers',
    learner: mlp,
    design: { ...network, architecture: 'tabm', ensemble: 4, numericEmbedding: 'ple' },
    clock: (folds) => steadyClock(0.4 * folds, 0.005),
    cut: 'shortened by the time limit',
  },
];

/** Without the extremes, which linear models cannot fit. */
function tame(...of: Parameters<typeof makeTable>): TestTable {
  const { features, target } = makeTable(...of);
  return { target, features: { ...features, numeric: features.numeric.map((x) => (Math.abs(x) > 100 ? 0 : x)) } };
}

const json = <T>(value: T): T => JSON.parse(JSON.stringify(value));

function fold(table: TestTable, { learner, design }: Case, more: Partial<FitContext>): Promise<FoldFit> {
  const { train, valid } = foldRows(table.features.rows, 4, 0);
  return learner.fit(design, table.features, table.target, train, valid, testContext(nodeRuntime, more));
}

describe.each(cases)('$name', (each) => {
  test.each(['binary', 'multiclass', 'regression'] as const)('%s', async (problem) => {
    const table = tame(problem, 600, 3);
    const cut = await fold(table, each, { secondsLeft: each.clock(1) });
    expect(cut.notes.join()).toContain(each.cut);
    const again = await fold(table, each, { plan: json(cut.plan!) });
    expect(again.model).toEqual(cut.model);
    expect(again.validPredictions).toEqual(cut.validPredictions);
    expect(again.steps).toBe(cut.steps);
    expect(again.notes).toEqual(cut.notes);
    expect(json(again.plan)).toEqual(json(cut.plan));
  });

  test('another clock beside the plan changes nothing', async () => {
    const table = tame('binary', 600, 4);
    const cut = await fold(table, each, { secondsLeft: each.clock(1) });
    const secondsLeft = steadyClock(5, 0.004);
    expect((await fold(table, each, { plan: json(cut.plan!), secondsLeft })).model).toEqual(cut.model);
    // The plan decides, not luck: without it the result is another one.
    expect((await fold(table, each, { secondsLeft: each.clock(1.5) })).model).not.toEqual(cut.model);
  });
});

describe('a bag of folds that share their stopping point', () => {
  test.each(cases)('$name', async ({ learner, design, clock }) => {
    const { features, target } = tame('binary', 600, 5);
    const classes = ['no', 'yes'];
    const task = {
      features,
      target: { problem: 'binary' as const, classes },
      values: Float64Array.from(target.values),
      folds: { kind: 'random' as const, folds: [0, 1].map((k) => foldRows(600, 2, k)) },
    };
    const cut = await trainBag(learner, design, task, testContext(nodeRuntime, { secondsLeft: clock(4) }));
    expect(cut.plans).toHaveLength(2);
    const stored = unpackBag(packBag(cut));
    const again = await trainBag(learner, design, task, { ...testContext(nodeRuntime), plans: stored.plans });
    expect(packBag(again)).toEqual(packBag(cut));
    const short = trainBag(learner, design, task, { ...testContext(nodeRuntime), plans: [{}] });
    await expect(short).rejects.toThrow('1 recorded plans do not fit 2 folds');
  });
});

test('the baseline asks no clock', async () => {
  const table = tame('binary', 60, 6);
  const each = { name: '', learner: baseline, design: {}, clock: () => () => 1, cut: '' };
  const fit = await fold(table, each, { secondsLeft: () => -1 });
  expect(fit.plan).toBeUndefined();
});
