import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluatePiecewise } from '../math/piecewise.ts';
import { Random } from '../math/random.ts';
import { evaluateMetric } from '../metrics/evaluate.ts';
import { applyCalibration, fitCalibration } from './calibrate.ts';
import { fitIsotonic } from './isotonic.ts';

/** Rows whose true probability is `truth(p)` where the model says p. */
function rowsOf(rows: number, truth: (p: number) => number, seed = 1) {
  const random = new Random(seed);
  const probabilities = new Float32Array(2 * rows);
  const targets = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    const p = random.uniform();
    probabilities.set([1 - p, p], 2 * i);
    targets[i] = random.uniform() < truth(p) ? 1 : 0;
  }
  return { probabilities, targets };
}

const binary = { problem: 'binary' as const, classes: 2 };
/** Sure where it should not be at one end only: no temperature mends that. */
const lopsided = (p: number) => (p > 0.5 ? 0.5 + 0.2 * (p - 0.5) : p);

describe('the isotonic curve', () => {
  it('rises strictly from 0 to 1 whatever it is fitted on, and is never steep', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.float({ min: 0, max: 1, noNaN: true }), fc.boolean()), { minLength: 1, maxLength: 400 }),
        (rows) => {
          const { x, y } = fitIsotonic(
            rows.map(([, hit]) => (hit ? 1 : 0)),
            Float32Array.from(rows, ([p]) => p),
          );
          expect([x[0], y[0], x.at(-1), y.at(-1)]).toEqual([0, 0, 1, 1]);
          for (let k = 1; k < x.length; k++) {
            expect(x[k]! > x[k - 1]! && y[k]! > y[k - 1]!).toBe(true);
            expect((y[k]! - y[k - 1]!) / (x[k]! - x[k - 1]!)).toBeLessThan(20.001);
          }
        },
      ),
    );
  });

  it('finds the observed shares', () => {
    const { probabilities, targets } = rowsOf(20_000, lopsided);
    const curve = fitIsotonic(
      targets,
      Float32Array.from(targets, (_, i) => probabilities[2 * i + 1]!),
    );
    for (const p of [0.1, 0.3, 0.6, 0.8]) expect(evaluatePiecewise(curve, p)).toBeCloseTo(lopsided(p), 1);
  });
});

describe('the choice', () => {
  it('takes the curve where it helps rows that had no say, and keeps the order of rows', () => {
    const { probabilities, targets } = rowsOf(4000, lopsided);
    for (const metric of ['log_loss', 'roc_auc', 'f1'] as const) {
      const calibration = fitCalibration(metric, targets, probabilities, 2, 3);
      expect(calibration).toMatchObject({ temperature: 1, curve: { x: expect.any(Array) } });
      const fresh = rowsOf(4000, lopsided, 2);
      const calibrated = applyCalibration(fresh.probabilities, 2, calibration);
      const score = (name: 'log_loss' | 'roc_auc', p: Float32Array) => evaluateMetric(name, binary, fresh.targets, p);
      expect(score('log_loss', calibrated)).toBeLessThan(0.98 * score('log_loss', fresh.probabilities));
      expect(score('roc_auc', calibrated)).toBeCloseTo(score('roc_auc', fresh.probabilities), 4);
    }
  });

  it('leaves honest probabilities, few rows, accuracy and many classes alone', () => {
    const honest = rowsOf(4000, (p) => p);
    expect(fitCalibration('roc_auc', honest.targets, honest.probabilities, 2, 3)).toEqual({
      temperature: 1,
      curve: null,
    });
    const few = rowsOf(1500, lopsided);
    expect(fitCalibration('roc_auc', few.targets, few.probabilities, 2, 3).curve).toBeNull();
    const many = rowsOf(4000, lopsided);
    expect(fitCalibration('accuracy', many.targets, many.probabilities, 2, 3).curve).toBeNull();
    expect(
      fitCalibration('roc_auc', many.targets.subarray(0, 2500), many.probabilities.subarray(0, 7500), 3, 3).curve,
    ).toBeNull();
  });
});
