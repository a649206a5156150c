/** The data-dependent start of RealMLP: every unit's pre-activation has deviation 1 and its kink lies inside the data. */
import { Random } from '../../math/random.ts';
import type { Evaluator } from '../../train/evaluator.ts';
import type { Layout } from '../../train/layout.ts';
import { readParameter, type TrainingState, writeParameter } from '../../train/state.ts';
import type { LinearLayer } from './architecture.ts';

/** Rows whose pre-activations are mixed into a bias. */
const MIXED_ROWS = 5;

/**
 * Rescales the weights of each linear layer in turn and sets its biases to minus a random convex mix of pre-activations
 * (where no activation follows they stay 0). Changes `state.parameters` in place. One member.
 * @param evaluator gives the outputs `<layer>.pre`
 * @param rows a sample of training rows
 */
export async function startOnData(
  state: TrainingState,
  layout: Layout,
  layers: readonly LinearLayer[],
  evaluator: Evaluator,
  rows: BigInt64Array,
  seed: number,
): Promise<void> {
  const random = new Random(seed);
  const { parameters } = state;
  for (const { name, kinked, matrices } of layers) {
    const pre = (await evaluator.run(parameters, rows))[`${name}.pre`]!;
    const weights = readParameter(layout, parameters, `${name}.w`);
    const biases = readParameter(layout, parameters, `${name}.b`);
    for (let matrix = 0; matrix < matrices; matrix++) {
      const own = (all: Float32Array) =>
        all.subarray((matrix * all.length) / matrices, ((matrix + 1) * all.length) / matrices);
      rescale(own(weights), own(biases), own(pre), kinked ? random : null);
    }
    writeParameter(layout, parameters, `${name}.w`, weights);
    writeParameter(layout, parameters, `${name}.b`, biases);
  }
}

/** One matrix [inputs, units] and its biases in place, by pre-activations [rows, units]; with `random` also the kinks. */
function rescale(weights: Float32Array, bias: Float32Array, pre: Float32Array, random: Random | null): void {
  const units = bias.length;
  for (let j = 0; j < units; j++) {
    const factor = 1 / deviation(pre, j, units);
    for (let i = j; i < weights.length; i += units) weights[i]! *= factor;
    if (random) bias[j] = -factor * convexMix(pre, j, units, random);
  }
}

/** Standard deviation of column `j`, or 1 where it is next to nothing. */
function deviation(values: Float32Array, j: number, width: number): number {
  const n = values.length / width;
  let sum = 0;
  let squares = 0;
  for (let i = j; i < values.length; i += width) {
    sum += values[i]!;
    squares += values[i]! ** 2;
  }
  const d = Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2));
  return d > 1e-3 ? d : 1;
}

function convexMix(values: Float32Array, j: number, width: number, random: Random): number {
  let total = 0;
  let mix = 0;
  for (let r = 0; r < MIXED_ROWS; r++) {
    const weight = -Math.log(1 - random.uniform());
    mix += weight * values[random.integer(values.length / width) * width + j]!;
    total += weight;
  }
  return total > 0 ? mix / total : 0;
}
