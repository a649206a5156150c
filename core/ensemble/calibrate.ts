/** Which calibration an ensemble gets, by its out-of-fold predictions: none, a temperature, or an isotonic curve. */
import type { MetricName } from '../contracts/task.ts';
import { evaluatePiecewise, type Piecewise } from '../math/piecewise.ts';
import { Random } from '../math/random.ts';
import { applyTemperature, fitTemperature, LEAST_PROBABILITY } from './calibration.ts';
import { fitIsotonic } from './isotonic.ts';

export interface Calibration {
  /** On log probabilities; 1 changes nothing. */
  readonly temperature: number;
  /** On the probability of the second of two classes; null for none. Where there is a curve the temperature is 1. */
  readonly curve: Piecewise | null;
}

const plain: Calibration = { temperature: 1, curve: null };

/** A curve has many steps: fewer rows bend it by chance. */
const ROWS_FOR_CURVE = 2000;
const PARTS = 5;
/** By how much the log loss on rows that had no say must fall, as a share and in standard errors. */
const WORTH = { share: 0.01, errors: 2 };

/**
 * The curve wins where it makes the log loss clearly smaller, each fifth of the rows under the curve of the others; it
 * keeps the order of rows, and label decisions are tuned after it. Accuracy, which few rows leave at one half, stays as
 * it is.
 * @param probabilities row-major [rows, classes], of the rows of `targets`
 */
export function fitCalibration(
  metric: MetricName,
  targets: Float64Array,
  probabilities: Float32Array,
  classes: number,
  seed: number,
): Calibration {
  const temperature = fitTemperature(metric, targets, probabilities, classes);
  if (classes !== 2 || metric === 'accuracy' || targets.length < ROWS_FOR_CURVE) return { temperature, curve: null };
  const before = losses(targets, applyTemperature(probabilities, 2, temperature));
  const after = losses(targets, crossFitted(targets, probabilities, seed));
  const gains = before.map((loss, i) => loss - after[i]!);
  const mean = average(gains);
  const error = Math.sqrt(average(gains.map((gain) => (gain - mean) ** 2)) / gains.length);
  if (mean < WORTH.share * average(before) || mean < WORTH.errors * error) return { temperature, curve: null };
  return { ...plain, curve: fitIsotonic(targets, second(probabilities)) };
}

/** Calibrated probabilities, as the exported graph computes them. */
export function applyCalibration(
  probabilities: Float32Array,
  classes: number,
  { temperature, curve }: Calibration,
): Float32Array {
  if (!curve) return applyTemperature(probabilities, classes, temperature);
  const out = new Float32Array(probabilities.length);
  for (let i = 0; i < out.length; i += 2) {
    out[i + 1] = evaluatePiecewise(curve, probabilities[i + 1]!);
    out[i] = 1 - out[i + 1]!;
  }
  return out;
}

const second = (probabilities: Float32Array): Float32Array =>
  Float32Array.from({ length: probabilities.length / 2 }, (_, i) => probabilities[2 * i + 1]!);

const average = (values: Float64Array): number => values.reduce((sum, v) => sum + v, 0) / values.length;

function losses(targets: Float64Array, probabilities: Float32Array): Float64Array {
  return targets.map((y, i) => -Math.log(Math.max(probabilities[2 * i + y]!, LEAST_PROBABILITY)));
}

/** Each fifth of the rows under the curve of the other four. */
function crossFitted(targets: Float64Array, probabilities: Float32Array, seed: number): Float32Array {
  const order = new Random(seed).shuffle(Int32Array.from(targets.keys()));
  const positive = second(probabilities);
  const out = new Float32Array(probabilities.length);
  for (let part = 0; part < PARTS; part++) {
    const outside = order.filter((_, i) => i % PARTS !== part);
    const curve = fitIsotonic(
      Float64Array.from(outside, (row) => targets[row]!),
      Float32Array.from(outside, (row) => positive[row]!),
    );
    order.forEach((row, i) => {
      if (i % PARTS !== part) return;
      const p = evaluatePiecewise(curve, positive[row]!);
      out[2 * row] = 1 - p;
      out[2 * row + 1] = p;
    });
  }
  return out;
}
