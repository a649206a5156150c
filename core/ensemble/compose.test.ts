import { describe, expect, it } from 'vitest';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { type BagContext, OutOfTimeError, trainBag } from '../learners/bag.ts';
import { learnerNamed } from '../learners/registry.ts';
import { sampleColumns, sampleTable } from '../prep/sample-table.ts';
import { numberColumn, stringColumn } from '../prep/table.ts';
import type { Design } from '../spaces/space.ts';
import { prepareTask, splitTable } from '../tasks/prepare-task.ts';
import { packBag, packTask, unpackBag, unpackTask } from '../tasks/store.ts';
import { composeEnsemble, scorePredictions } from './compose.ts';

const context: BagContext = {
  runtime: nodeRuntime,
  seed: 1,
  secondsLeft: () => 1e6,
  cancelled: () => false,
  breathe: () => Promise.resolve(),
  metric: 'roc_auc',
};
const { table, score } = sampleTable(600, 11);
const label = stringColumn(
  'y',
  Array.from(score, (s, i) => (i % 50 === 0 ? null : s > 1 ? 'high' : 'low')),
);
const columns = [...sampleColumns, { name: 'y', type: 'category' as const }];
const full = { rows: table.rows, columns: [...table.columns, label] };
const request = {
  columns,
  target: 'y',
  kind: 'classification',
  split: { kind: 'random' },
  budgetSeconds: 60,
  seed: 0,
} as const;

describe('a prepared task', () => {
  const task = prepareTask(full, request);

  it('leaves out rows without target and is the same after storage', () => {
    expect(task.features.rows).toBe(588);
    expect(task.folds.folds).toHaveLength(8);
    expect(unpackTask(packTask(task))).toEqual(task);
  });

  it('gives bags that score, store and compose', async () => {
    const goal = { metric: 'roc_auc' as const, seed: 1 };
    const bags = [];
    const designs: Design[] = [{ learner: 'baseline' }, { learner: 'linear' }, { learner: 'linear', basis: 'spline' }];
    for (const design of designs)
      bags.push(await trainBag(learnerNamed(String(design.learner)), design, task, context));
    const [base, line] = bags.map((bag) => scorePredictions(task, bag.predictions, goal));
    expect(base!.score.value).toBeCloseTo(0.5, 1);
    expect(line!.score.value).toBeGreaterThan(0.9);
    expect(line!.score.low).toBeLessThan(line!.score.value);
    const composed = composeEnsemble(
      task,
      bags.map((bag) => bag.predictions),
      goal,
    );
    expect(composed.score.value).toBeGreaterThan(line!.score.value - 0.005);
    expect(composed.score.rows).toBe(588);
    const bag = bags[1]!;
    expect(unpackBag(packBag(bag))).toEqual(bag);
    const f1 = scorePredictions(task, bag.predictions, { metric: 'f1', positiveClass: 'high', seed: 1 });
    expect(f1.score.value).toBeGreaterThan(0.7);
  });

  it('stops a bag that cannot finish', async () => {
    let left = 10;
    const slow = { ...learnerNamed('baseline') };
    const fit = slow.fit;
    slow.fit = (...all) => {
      left -= 6;
      return fit.apply(slow, all);
    };
    await expect(
      trainBag(slow, { learner: 'baseline' }, task, { ...context, secondsLeft: () => left }),
    ).rejects.toThrow(OutOfTimeError);
  });

  it('honours group and time columns', () => {
    const group = Array.from({ length: 600 }, (_, i) => `g${i % 30}`);
    const when = Array.from({ length: 600 }, (_, i) => (i * 7) % 600);
    const wider = { rows: 600, columns: [...full.columns, stringColumn('g', group), numberColumn('t', when)] };
    const specs = [...columns, { name: 'g', type: 'category' as const }, { name: 't', type: 'number' as const }];
    const grouped = splitTable(wider, {
      ...request,
      columns: specs,
      split: { kind: 'group', groupColumn: 'g' },
      fraction: 0.2,
    });
    const inTest = new Set(Array.from(grouped.test, (row) => group[row]));
    expect(Array.from(grouped.train).some((row) => inTest.has(group[row]))).toBe(false);
    const timed = splitTable(wider, {
      ...request,
      columns: specs,
      split: { kind: 'time', timeColumn: 't' },
      fraction: 0.2,
    });
    expect(Math.min(...Array.from(timed.test, (row) => when[row]!))).toBeGreaterThan(
      Math.max(...Array.from(timed.train, (row) => when[row]!)),
    );
    const task2 = prepareTask(wider, { ...request, columns: specs, split: { kind: 'group', groupColumn: 'g' } });
    expect(task2.preparation.columns.find((plan) => plan.name === 'g')).toMatchObject({
      kind: 'unused',
      reason: 'excluded',
    });
  });
});
