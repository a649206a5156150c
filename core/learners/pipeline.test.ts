/** From a raw table to one file and back: what the trainer predicts is what the file answers. */
import { describe, expect, it } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { webRuntime } from '#workers/runtime/onnxruntime-web.ts';
import type { ModelMetadata } from '../contracts/result.ts';
import type { MetricName } from '../contracts/task.ts';
import { blend } from '../ensemble/blend.ts';
import { applyCalibration, type Calibration } from '../ensemble/calibrate.ts';
import { selectEnsemble } from '../ensemble/greedy.ts';
import { decideLabels } from '../metrics/labels.ts';
import { feedsOf } from '../prep/feeds.ts';
import { fitPreparation, prepare } from '../prep/preparation.ts';
import { oddTable, sampleColumns, sampleTable } from '../prep/sample-table.ts';
import type { TableColumn } from '../prep/table.ts';
import { numberColumn, stringColumn, type Table } from '../prep/table.ts';
import type { Design } from '../spaces/space.ts';
import { planFolds } from '../tasks/folds.ts';
import { strataOf } from '../tasks/strata.ts';
import { fitTarget, inUnits } from '../tasks/target.ts';
import { type Bag, type BagContext, predictBag, trainBag } from './bag.ts';
import { describeColumns } from './describe.ts';
import { exportModel } from './export.ts';
import { learnerNamed } from './registry.ts';

const context: BagContext = {
  runtime: nodeRuntime,
  seed: 1,
  secondsLeft: () => 1e6,
  cancelled: () => false,
  breathe: () => Promise.resolve(),
  metric: 'log_loss',
};

const { table, score } = sampleTable(400, 5);
const targets = {
  binary: stringColumn(
    'y',
    Array.from(score, (s) => (s > 0.5 ? 'yes' : 'no')),
  ),
  multiclass: stringColumn(
    'y',
    Array.from(score, (s) => (s > 1 ? '10' : s > 0 ? '2' : '1')),
  ),
  regression: numberColumn(
    'y',
    Array.from(score, (s) => 1000 * Math.exp(s)),
  ),
} satisfies Record<string, TableColumn>;

async function build(problem: keyof typeof targets, designs: readonly Design[], metric: MetricName) {
  const column = targets[problem];
  const preparation = fitPreparation(table, sampleColumns);
  const features = prepare(preparation, table);
  const { plan, values } = fitTarget(column, problem === 'regression' ? 'regression' : 'classification');
  const folds = planFolds({
    rows: table.rows,
    kind: 'random',
    strata: strataOf(plan, values),
    budgetSeconds: 60,
    seed: 0,
  });
  const bags: Bag[] = [];
  for (const design of designs) {
    bags.push(
      await trainBag(learnerNamed(String(design.learner)), design, { features, target: plan, values, folds }, context),
    );
  }
  const classes = plan.problem === 'regression' ? 1 : plan.classes.length;
  const weights = designs.map((_, i) => (i + 1) / ((designs.length * (designs.length + 1)) / 2));
  const metadata: ModelMetadata = {
    schema: 'warmstart.model/1',
    task: problem === 'regression' ? 'regression' : 'classification',
    target: 'y',
    classes: plan.problem === 'regression' ? null : [...plan.classes],
    metric,
    scores: { validation: null, test: null },
    columns: describeColumns(preparation),
  };
  // Factors of two classes, costs of [true, said] ones of three.
  const decision = { binary: [0.4, 0.6], multiclass: [0, 5, 1, 1, 0, 1, 0.5, 2.5, 0], regression: null }[plan.problem];
  const curve = { x: [0, 0.2, 0.7, 1], y: [0, 0.4, 0.6, 1] };
  const calibration: Calibration =
    problem === 'binary' ? { temperature: 1, curve } : { temperature: problem === 'multiclass' ? 1.3 : 1, curve: null };
  const members = bags.map((bag, i) => ({ ...bag, weight: weights[i]! }));
  const file = exportModel({ preparation, target: plan, members, calibration, decision, metadata });
  const expected = async (rows: Table) => {
    const prepared = prepare(preparation, rows);
    const each = [];
    for (const bag of bags) each.push(await predictBag(learnerNamed(bag.learner), bag, prepared, plan, nodeRuntime));
    return applyCalibration(blend(each, weights), classes, calibration);
  };
  return { plan, classes, file, expected, preparation, decision, bags, values, metric };
}

const designs: Design[] = [
  { learner: 'baseline' },
  { learner: 'linear', basis: 'score' },
  { learner: 'linear', basis: 'spline', knots: 6, mix: 0.5 },
  { learner: 'boosting', rounds: 60, learningRate: 0.1, leaves: 8, pairs: 3 },
  { learner: 'forest', trees: 12, maxLeaves: 30 },
  { learner: 'mlp', width: 16, layers: 1, epochs: 3, mergeBy: 4 },
  { learner: 'mlp', architecture: 'residual', width: 16, layers: 1, epochs: 3, mergeBy: 4 },
  { learner: 'mlp', architecture: 'tabm', ensemble: 3, width: 16, layers: 1, epochs: 3, mergeBy: 4 },
  { learner: 'boosting', growth: 'oblivious', depth: 4, rounds: 40, learningRate: 0.1 },
];

const more: Readonly<Record<string, readonly Design[]>> = {
  multiclass: [{ learner: 'boosting', rounds: 60, learningRate: 0.2, leaves: 8, sharedTrees: true }],
  regression: [
    { learner: 'linear', logTarget: true },
    { learner: 'boosting', rounds: 40, learningRate: 0.1, leaves: 8, objective: 'tweedie' },
  ],
};

describe.each(['binary', 'multiclass', 'regression'] as const)('a %s table', async (problem) => {
  const all = [...designs, ...(more[problem] ?? [])];
  const built = await build(problem, all, problem === 'regression' ? 'rmse' : 'log_loss');

  it.each([nodeRuntime, webRuntime])('predicts the same through the file on $name', async (runtime) => {
    const session = await runtime.createSession(built.file);
    for (const rows of [table, oddTable()]) {
      const expected = await built.expected(rows);
      const outputs = await session.run(feedsOf(built.preparation, rows));
      const { plan } = built;
      if (plan.problem === 'regression') {
        const value = outputs.value!;
        expect(value.dims).toEqual([rows.rows, 1]);
        const units = inUnits(plan, expected);
        (value.data as Float32Array).forEach((v, i) => {
          expect(Math.abs(v - units[i]!) / plan.deviation).toBeLessThan(1e-4);
        });
        continue;
      }
      const probabilities = outputs.probabilities!.data as Float32Array;
      expect(outputs.probabilities!.dims).toEqual([rows.rows, built.classes]);
      probabilities.forEach((p, i) => {
        expect(Math.abs(p - expected[i]!)).toBeLessThan(1e-4);
      });
      const labels = decideLabels(probabilities, built.classes, built.decision ?? undefined);
      expect(outputs.label!.dims).toEqual([rows.rows]);
      expect([...(outputs.label!.data as string[])]).toEqual(Array.from(labels, (c) => plan.classes[c]!));
    }
    await session.dispose();
  });

  it('lets better learners than the baseline win the ensemble', () => {
    const task = { problem, classes: built.classes };
    const members = built.bags.map((bag) => bag.predictions);
    const weights = selectEnsemble({
      metric: built.metric,
      task,
      plan: built.plan,
      targets: built.values,
      members,
      seed: 0,
    });
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
    expect(weights[0]).toBeLessThan(0.1);
    expect(new Set(weights).size).toBeGreaterThan(1);
    expect(weights[1]! + weights[2]!).toBeGreaterThan(0);
  });
});
