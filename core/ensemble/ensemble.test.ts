import { describe, expect, it } from 'vitest';
import { Random } from '../math/random.ts';
import { evaluateMetric } from '../metrics/evaluate.ts';
import type { ClassTarget, NumberTarget } from '../tasks/target.ts';
import { blend } from './blend.ts';
import { applyTemperature, fitTemperature, tuneDecision } from './calibration.ts';
import { selectEnsemble } from './greedy.ts';

const numbers: NumberTarget = { problem: 'regression', mean: 0, deviation: 1, low: -10, high: 10, log: null };
const classes: ClassTarget = { problem: 'binary', classes: ['a', 'b'] };
const binary = { problem: 'binary' as const, classes: 2 };

/** Binary probabilities from log odds `sharpness` times the true ones. */
function binaryData(rows: number, sharpness: number, shift = 0) {
  const random = new Random(4);
  const targets = new Float64Array(rows);
  const probabilities = new Float32Array(2 * rows);
  for (let i = 0; i < rows; i++) {
    const odds = 2 * random.normal() + shift;
    targets[i] = random.uniform() < 1 / (1 + Math.exp(-odds)) ? 1 : 0;
    const p = 1 / (1 + Math.exp(-sharpness * odds));
    probabilities[2 * i] = 1 - p;
    probabilities[2 * i + 1] = p;
  }
  return { targets, probabilities };
}

describe('ensemble selection', () => {
  const random = new Random(2);
  const noise = (rows: number, scale: number) => Float32Array.from({ length: rows }, () => scale * random.normal());

  it.each([300, 2000])('weighs independent errors by their size and leaves out the hopeless (%i rows)', (rows) => {
    const truth = noise(rows, 1);
    const member = (scale: number) => noise(rows, scale).map((e, i) => e + truth[i]!);
    const members = [member(0.5), member(0.5), member(1), noise(rows, 3)];
    const input = { metric: 'rmse' as const, task: { problem: 'regression' as const, classes: 1 }, plan: numbers };
    const weights = selectEnsemble({ ...input, targets: Float64Array.from(truth), members, seed: 1 });
    expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
    // Inverse variances: 4, 4, 1.
    expect(weights[0]).toBeGreaterThan(0.3);
    expect(weights[1]).toBeGreaterThan(0.3);
    expect(weights[2]).toBeLessThan(0.25);
    expect(weights[3]).toBeLessThan(0.06);
    const loss = (p: Float32Array) => evaluateMetric('rmse', input.task, truth, p);
    expect(loss(blend(members, weights))).toBeLessThan(0.9 * loss(members[0]!));
  });

  it('optimises the metric it is given, and repeats itself', () => {
    const { targets, probabilities } = binaryData(2000, 1);
    const flat = probabilities.map((_, i) => (i % 2 === 0 ? 0.5 : 0.5));
    for (const metric of ['roc_auc', 'log_loss', 'accuracy', 'f1'] as const) {
      const input = { metric, task: binary, plan: classes, targets, members: [flat, probabilities], seed: 3 };
      const weights = selectEnsemble(input);
      expect(weights[1]).toBeGreaterThan(0.9);
      expect(selectEnsemble(input)).toEqual(weights);
    }
  });

  it('is drawn to the prior where rows are few, and hardly where they are not', () => {
    const task = { problem: 'regression' as const, classes: 1 };
    const shareOf = (rows: number) => {
      const truth = noise(rows, 1);
      // Errors in common, as models of the same rows have them: the second is a little better only by luck.
      const common = noise(rows, 0.7);
      const member = () => noise(rows, 0.1).map((e, i) => e + truth[i]! + common[i]!);
      const members = [member(), ...Array.from({ length: 20 }, member)];
      const prior = members.map((_, m) => (m === 0 ? 1 : 0));
      const input = {
        metric: 'rmse' as const,
        task,
        plan: numbers,
        targets: Float64Array.from(truth),
        members,
        seed: 1,
      };
      return [selectEnsemble({ ...input, prior })[0]!, selectEnsemble(input)[0]!] as const;
    };
    const [few, free] = shareOf(50);
    expect(few).toBeGreaterThan(0.66);
    expect(free).toBeLessThan(0.4);
    expect(shareOf(900)[0]).toBeLessThan(few - 0.3);
    const [many, same] = shareOf(1500);
    expect(many).toBe(same);
  });

  it('is not drawn to what is far worse, and its share goes to the others of the prior', () => {
    const truth = noise(800, 1);
    const members = [0.9, 0.1, 0.1].map((error) => noise(800, error).map((e, i) => e + truth[i]!));
    const task = { problem: 'regression' as const, classes: 1 };
    const targets = Float64Array.from(truth);
    const input = { metric: 'rmse' as const, task, plan: numbers, targets, members, seed: 1 };
    const free = selectEnsemble(input);
    expect(selectEnsemble({ ...input, prior: [1, 0, 0] })).toEqual(free);
    const [far, , other] = selectEnsemble({ ...input, prior: [0.5, 0, 0.5] });
    expect(far).toBeLessThan(free[0]!);
    expect(other).toBeGreaterThan(free[2]!);
  });

  it('takes the only member and refuses none', () => {
    const input = { metric: 'rmse' as const, task: binary, plan: numbers, targets: Float64Array.of(1), seed: 0 };
    expect(selectEnsemble({ ...input, members: [Float32Array.of(1)] })).toEqual([1]);
    expect(() => selectEnsemble({ ...input, members: [] })).toThrow(RangeError);
  });
});

describe('temperature', () => {
  it('sharpens what is too soft and softens what is too sharp, half way, and leaves few rows alone', () => {
    const soft = binaryData(6000, 0.5);
    const t = fitTemperature('log_loss', soft.targets, soft.probabilities, 2);
    expect(t).toBeGreaterThan(0.64);
    expect(t).toBeLessThan(0.78);
    const before = evaluateMetric('log_loss', binary, soft.targets, soft.probabilities);
    expect(evaluateMetric('log_loss', binary, soft.targets, applyTemperature(soft.probabilities, 2, t))).toBeLessThan(
      before,
    );
    const sharp = binaryData(6000, 2);
    expect(fitTemperature('log_loss', sharp.targets, sharp.probabilities, 2)).toBeCloseTo(Math.SQRT2, 0);
    const few = binaryData(400, 0.5);
    expect(fitTemperature('log_loss', few.targets, few.probabilities, 2)).toBe(1);
    expect(fitTemperature('roc_auc', soft.targets, soft.probabilities, 2)).toBe(1);
  });
});

describe('decisions', () => {
  it('lower the threshold for F1 of a rare class, and improve balanced accuracy of many classes', () => {
    const rare = binaryData(5000, 1, -3);
    const decision = tuneDecision('f1', binary, rare.targets, rare.probabilities)!;
    expect(decision[0]).toBeLessThan(0.45);
    const score = (d?: number[]) => evaluateMetric('f1', { ...binary, decision: d }, rare.targets, rare.probabilities);
    expect(score(decision)).toBeGreaterThan(score() + 0.02);
    const random = new Random(9);
    const targets = Float64Array.from({ length: 3000 }, () => (random.uniform() < 0.05 ? 2 : random.integer(2)));
    const probabilities = Float32Array.from({ length: 9000 }, (_, i) => {
      const [row, c] = [Math.floor(i / 3), i % 3];
      return [0.475, 0.475, 0.05][c]! * Math.exp((targets[row] === c ? 1.2 : 0) + random.normal());
    });
    const multi = { problem: 'multiclass' as const, classes: 3 };
    const factors = tuneDecision('balanced_accuracy', multi, targets, probabilities)!;
    expect(factors[2]).toBeGreaterThan(factors[0]!);
  });

  it('leave argmax alone for metrics without labels and for accuracy on few rows', () => {
    const { targets, probabilities } = binaryData(500, 1, -3);
    expect(tuneDecision('roc_auc', binary, targets, probabilities)).toBeNull();
    expect(tuneDecision('accuracy', binary, targets, probabilities)).toBeNull();
  });
});
