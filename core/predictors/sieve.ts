/**
 * A first look at many designs at once: a model that is linear in options and bank scores, so that a row costs a
 * look-up per decision however many evaluations it was fitted on.
 */
import { bankMean, type DesignKernel, type DesignRows } from './design-kernel.ts';
import { factorKernel, solveGaussian } from './gaussian-process.ts';

const NOISE = 0.3;
const TRUST = 0.6;

/**
 * Expected scores of `rows`, up to a constant; null where no linear model fits.
 * @param scores of the evaluated designs `known`
 * @param asksBank whether the bank is worth asking
 */
export function linearMeans(
  kernel: DesignKernel,
  known: DesignRows,
  scores: Float64Array,
  rows: DesignRows,
  asksBank: boolean,
): Float64Array | null {
  const n = known.count;
  const { columns } = kernel;
  const { size, alike, effects } = kernel.tables;
  const learned = asksBank && effects !== null;
  const weights = learned ? { separate: 0.2, effects: 0.4, bank: 0.4 } : { separate: 1, effects: 0, bank: 0 };
  const trust = asksBank ? TRUST : 0;
  const factor = factorKernel(kernel.combine(kernel.parts(known, known, [weights]), weights, n * n), n, NOISE);
  if (!factor) return null;
  const residuals = scores.map((score, i) => score - trust * bankMean(known, i));
  const mean = residuals.reduce((sum, r) => sum + r, 0) / n;
  const { alpha } = solveGaussian(
    factor,
    residuals.map((r) => r - mean),
  );
  const options = new Float64Array(columns * size);
  const tasks = new Float64Array(known.tasks).fill(trust / Math.max(1, known.tasks));
  const levels = kernel.levelsOf(known);
  for (let j = 0; j < n; j++) {
    for (let d = 0; d < columns; d++) {
      const column = levels[j * columns + d]!;
      for (let l = 0; l < size; l++) {
        const at = (d * size + l) * size + column;
        const similarity = (weights.separate * alike[at]!) / columns + (learned ? weights.effects * effects![at]! : 0);
        options[d * size + l]! += alpha[j]! * similarity;
      }
    }
    if (learned)
      for (let t = 0; t < known.tasks; t++)
        tasks[t]! += (weights.bank * alpha[j]! * known.bank[j * known.tasks + t]!) / known.tasks;
  }
  const codes = kernel.levelsOf(rows);
  return Float64Array.from({ length: rows.count }, (_, i) => {
    let sum = 0;
    for (let d = 0; d < columns; d++) sum += options[d * size + codes[i * columns + d]!]!;
    for (let t = 0; t < rows.tasks; t++) sum += tasks[t]! * rows.bank[i * rows.tasks + t]!;
    return sum;
  });
}
