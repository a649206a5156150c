import { expect, it } from 'vitest';
import { Random } from '../math/random.ts';
import { evaluateMetric } from './evaluate.ts';
import { thresholdCurve } from './thresholds.ts';

it.each([0, 1])('gives at each threshold what labels by it score, with class %d as the positive one', (positive) => {
  const random = new Random(2);
  const rows = 500;
  const targets = Float64Array.from({ length: rows }, () => (random.uniform() < 0.3 ? 1 : 0));
  const probabilities = new Float32Array(2 * rows);
  targets.forEach((y, i) => {
    const p = Math.round(100 / (1 + Math.exp(-(2 * y - 1 + random.normal())))) / 100;
    probabilities.set([1 - p, p], 2 * i);
  });
  const curve = thresholdCurve(targets, probabilities, positive, 20);
  expect(curve.length).toBeGreaterThan(10);
  expect(curve[0]!.recall).toBe(1);
  for (const point of curve) {
    // Labels by the threshold, as certain probabilities.
    const labels = new Float32Array(2 * rows);
    for (let i = 0; i < rows; i++) {
      const hit = probabilities[2 * i + positive]! >= point.threshold;
      labels[2 * i + (hit ? positive : 1 - positive)] = 1;
    }
    const task = { problem: 'binary' as const, classes: 2, positive };
    for (const metric of ['f1', 'balanced_accuracy', 'mcc', 'accuracy'] as const)
      expect(point[metric]).toBeCloseTo(evaluateMetric(metric, task, targets, labels), 9);
  }
  for (let i = 1; i < curve.length; i++) expect(curve[i]!.threshold).toBeGreaterThan(curve[i - 1]!.threshold);
});

it('has no points where a class does not occur', () => {
  expect(thresholdCurve([1, 1], [0.2, 0.8, 0.4, 0.6], 1)).toEqual([]);
});
