import { expect, test } from 'vitest';
import { Random } from '../math/random.ts';
import { type Loss, type LossData, logisticLoss, softmaxLoss, squaredLoss } from './losses.ts';
import { poissonLoss, quantileLoss, tweedieLoss } from './number-losses.ts';

const n = 7;

/** Total loss, from the mean that the loss reports. */
function total(loss: Loss, scores: Float64Array, data: LossData): number {
  const weight = data.weights!.reduce((a, b) => a + b, 0);
  const mean = loss.mean(scores, data);
  return loss === squaredLoss ? (mean * mean * weight) / 2 : mean * weight;
}

test.each([
  ['squared', squaredLoss, 1],
  ['logistic', logisticLoss, 2],
  ['softmax', softmaxLoss(4), 4],
  ['poisson', poissonLoss, 0],
  ['tweedie', tweedieLoss, 0],
] as const)('%s: derivatives agree with differences of the loss', (_, loss, classes) => {
  const random = new Random(3);
  const draw = [() => random.integer(4), () => random.normal()][classes] ?? (() => random.integer(classes));
  const targets = Float32Array.from({ length: n }, draw);
  const data = { targets, weights: Float32Array.from({ length: n }, () => 0.5 + random.uniform()) };
  const scores = Float64Array.from({ length: n * loss.outputs }, () => random.normal());
  const g = new Float32Array(scores.length);
  const h = new Float32Array(scores.length);
  loss.derive(scores, data, g, h);
  const step = 1e-4;
  // The softmax hessian carries K / (K - 1), that of counts is doubled.
  const factor = classes > 2 ? classes / (classes - 1) : loss === poissonLoss ? 2 : 1;
  for (let i = 0; i < scores.length; i++) {
    const at = (delta: number) => {
      const moved = scores.slice();
      moved[i]! += delta;
      return total(loss, moved, data);
    };
    expect(g[i]).toBeCloseTo((at(step) - at(-step)) / (2 * step), 4);
    expect(h[i]).toBeCloseTo((factor * (at(step) - 2 * at(0) + at(-step))) / step ** 2, 3);
  }
});

test.each([
  ['squared', squaredLoss, 1],
  ['logistic', logisticLoss, 2],
  ['softmax', softmaxLoss(3), 3],
  ['quantile', quantileLoss(0.91), 1],
  ['poisson', poissonLoss, 0],
  ['tweedie', tweedieLoss, 0],
] as const)('%s: no constant beats the start values', (_, loss, classes) => {
  const random = new Random(4);
  const draw = [() => random.integer(4), () => random.normal()][classes] ?? (() => random.integer(classes));
  const data = { targets: Float32Array.from({ length: 50 }, draw) };
  const start = loss.start(data);
  const constant = (shift: number, k: number) =>
    Float64Array.from(
      { length: 50 * loss.outputs },
      (_, i) => start[Math.floor(i / 50)]! + (Math.floor(i / 50) === k ? shift : 0),
    );
  for (let k = 0; k < loss.outputs; k++) {
    for (const shift of [-0.1, 0.1]) {
      expect(loss.mean(constant(shift, k), data)).toBeGreaterThan(loss.mean(constant(0, k), data));
    }
  }
});

test('large scores stay finite', () => {
  const data = { targets: Float32Array.of(0, 1) };
  const g = new Float32Array(2);
  const h = new Float32Array(2);
  logisticLoss.derive(Float64Array.of(800, -800), data, g, h);
  expect(Array.from(g)).toEqual([1, -1]);
  expect(logisticLoss.mean(Float64Array.of(800, -800), data)).toBeCloseTo(800, 6);
});

test('a quantile loss pulls up with its level and down with the rest', () => {
  const data = { targets: Float32Array.of(0, 2), weights: Float32Array.of(1, 3) };
  const g = new Float32Array(2);
  const h = new Float32Array(2);
  quantileLoss(0.75).derive(Float64Array.of(1, 1), data, g, h);
  expect(Array.from(g)).toEqual([0.25, -2.25]);
  expect(Array.from(h)).toEqual([1, 3]);
  expect(quantileLoss(0.75).mean(Float64Array.of(1, 1), data)).toBeCloseTo((0.25 + 3 * 0.75) / 4, 9);
});
