/**
 * `sklearn-values.json` holds scores that scikit-learn 1.9.1 gave (numpy RandomState(7); probabilities drawn from a
 * Dirichlet distribution, rounded to one digit so that there are ties, renormalised in float32; weights 0 to 3).
 * Labels are `argmax`; roc_auc is `multi_class="ovr"` for more than two classes.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MetricName } from '../contracts/task.ts';
import { Random } from '../math/random.ts';
import { bootstrapInterval, pairedInterval } from './bootstrap.ts';
import { evaluateMetric, isBetter, metricEvaluator } from './evaluate.ts';
import stored from './sklearn-values.json' with { type: 'json' };
import type { MetricTask } from './types.ts';

const taskOf = (classes: number): MetricTask => ({
  problem: classes === 1 ? 'regression' : classes === 2 ? 'binary' : 'multiclass',
  classes,
});

describe('metrics equal scikit-learn', () => {
  stored.cases.forEach((example, i) => {
    for (const [name, expected] of Object.entries(example.scores)) {
      it(`case ${i}: ${name}, ${example.classes} classes${example.weights ? ', weighted' : ''}`, () => {
        const predictions =
          example.classes === 1 ? Float64Array.from(example.predictions) : Float32Array.from(example.predictions);
        const weights = example.weights ?? undefined;
        const actual = evaluateMetric(
          name as MetricName,
          taskOf(example.classes),
          example.targets,
          predictions,
          weights,
        );
        expect(actual).toBeCloseTo(expected, 5);
      });
    }
  });
});

describe('metrics of numbers', () => {
  const targets = [0, 10, 20];
  const predictions = Float64Array.of(0, 5, 30);
  it.each([
    ['smape', (100 * (0 + 10 / 15 + 20 / 50)) / 3],
    ['pinball', (2.5 + 5) / 3],
    ['pinball_90', (0.9 * 5 + 0.1 * 10) / 3],
  ] as const)('%s is what its definition gives', (name, expected) => {
    expect(evaluateMetric(name, taskOf(1), targets, predictions)).toBeCloseTo(expected, 9);
  });
});

describe('weights', () => {
  it('mean the same as repeated rows', () => {
    const names: MetricName[] = ['roc_auc', 'log_loss', 'accuracy', 'balanced_accuracy', 'f1', 'f1_macro', 'mcc'];
    const row = fc.record({
      y: fc.integer({ min: 0, max: 1 }),
      p: fc.integer({ min: 0, max: 4 }),
      w: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 4, maxLength: 30 }), (rows) => {
        const repeated = rows.flatMap((r) => Array.from({ length: r.w }, () => r));
        const probabilities = (list: typeof rows) => Float32Array.from(list.flatMap((r) => [1 - r.p / 4, r.p / 4]));
        for (const name of names) {
          const a = evaluateMetric(
            name,
            taskOf(2),
            rows.map((r) => r.y),
            probabilities(rows),
            rows.map((r) => r.w),
          );
          const b = evaluateMetric(
            name,
            taskOf(2),
            repeated.map((r) => r.y),
            probabilities(repeated),
          );
          if (Number.isNaN(b)) expect(a).toBeNaN();
          else expect(a).toBeCloseTo(b, 9);
        }
      }),
    );
  });
});

describe('decisions', () => {
  it('move the label and the positive class', () => {
    const targets = [0, 0, 1, 1];
    const predictions = Float32Array.of(0.9, 0.1, 0.7, 0.3, 0.6, 0.4, 0.2, 0.8);
    expect(evaluateMetric('f1', taskOf(2), targets, predictions)).toBeCloseTo(2 / 3);
    const task = { ...taskOf(2), decision: [0.35, 0.65] };
    expect(evaluateMetric('f1', task, targets, predictions)).toBe(1);
    expect(evaluateMetric('f1', { ...taskOf(2), positive: 0 }, targets, predictions)).toBeCloseTo(0.8);
  });

  it('refuses a metric of another kind of task', () => {
    expect(() => evaluateMetric('rmse', taskOf(2), [0], Float32Array.of(1, 0))).toThrow(RangeError);
  });

  it('orders scores by direction', () => {
    expect(isBetter('rmse', 1, 2)).toBe(true);
    expect(isBetter('roc_auc', 0.5, 0.6)).toBe(false);
    expect(isBetter('roc_auc', Number.NaN, 0.6)).toBe(false);
  });
});

describe('bootstrap', () => {
  const random = new Random(3);
  const targets = Float64Array.from({ length: 200 }, () => random.normal());
  const noisy = (scale: number) => targets.map((t) => t + scale * random.normal());
  const good = metricEvaluator('rmse', taskOf(1), targets, noisy(0.5));
  const bad = metricEvaluator('rmse', taskOf(1), targets, noisy(1));

  it('gives an interval around the value, the same for the same seed', () => {
    const interval = bootstrapInterval(good, 200, { seed: 1 });
    expect(interval.low).toBeLessThan(good());
    expect(interval.high).toBeGreaterThan(good());
    // The deviation of an RMSE of n normal errors is about value / sqrt(2 n); the interval is about 4 of them wide.
    const expected = (4 * good()) / Math.sqrt(400);
    expect(interval.high - interval.low).toBeGreaterThan(expected * 0.7);
    expect(interval.high - interval.low).toBeLessThan(expected * 1.4);
    expect(bootstrapInterval(good, 200, { seed: 1 })).toEqual(interval);
  });

  it('tells two models apart on the same rows', () => {
    const { low, high, above } = pairedInterval(bad, good, 200, { seed: 1 });
    expect(low).toBeGreaterThan(0);
    expect(high).toBeGreaterThan(low);
    expect(above).toBe(1);
  });

  it('draws rows of one cluster together, so that copies count as one piece of evidence', () => {
    const four = Float64Array.from({ length: 800 }, (_, i) => targets[i >> 2]!);
    const guesses = noisy(0.5);
    const copies = metricEvaluator(
      'rmse',
      taskOf(1),
      four,
      Float64Array.from(four, (_, i) => guesses[i >> 2]!),
    );
    const single = bootstrapInterval(copies, 800, { seed: 1 });
    const clusters = Int32Array.from({ length: 800 }, (_, i) => i >> 2);
    const together = bootstrapInterval(copies, 800, { seed: 1, clusters });
    const width = (interval: { low: number; high: number }) => interval.high - interval.low;
    expect(width(together) / width(single)).toBeGreaterThan(1.6);
    expect(width(together) / width(single)).toBeLessThan(2.4);
    const alone = bootstrapInterval(copies, 800, { seed: 1, clusters: new Int32Array(800).fill(-1) });
    expect(alone).toEqual(single);
  });
});
