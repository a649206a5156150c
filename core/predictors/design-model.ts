/**
 * Predicts the loss of designs, with uncertainty, from a few evaluations and from what the bank knows: a Gaussian
 * process over decisions and bank scores, its weights and its trust in the bank chosen by the evidence.
 */
import { bankMean, type DesignKernel, type DesignRows, type KernelWeights } from './design-kernel.ts';
import { explained, fitGaussian, type GaussianFit } from './gaussian-process.ts';
import { normalScores } from './normal-scores.ts';

interface Choice {
  readonly weights: KernelWeights;
  /** Factor on the bank's mean score as the prior mean. */
  readonly trust: number;
  readonly noise: number;
  /** Logarithm of its prior weight, up to a constant. */
  readonly prior: number;
}

const NOISES = [0.1, 0.4];
const PARTS: readonly KernelWeights[] = [
  { separate: 1, together: 0, bank: 0 },
  { separate: 0.5, together: 0.5, bank: 0 },
  { separate: 0.7, together: 0, bank: 0.5 },
  { separate: 0.4, together: 0.4, bank: 0.4 },
  { separate: 0.2, together: 0.2, bank: 1 },
];
const TRUSTS = [0, 0.7];

/** Few evaluations say little of the bank; before them it is believed, as it is worth three times their number. */
const CHOICES: readonly Choice[] = PARTS.flatMap((weights) =>
  TRUSTS.flatMap((trust) =>
    NOISES.map((noise) => ({ weights, trust, noise, prior: (trust > 0 ? 1.5 : 0) + (weights.bank > 0 ? 1 : 0) })),
  ),
);

/** Choices that share the prediction, and the least share of one. */
const AVERAGED = 4;
const LEAST_SHARE = 0.05;

interface Member {
  readonly choice: Choice;
  readonly fit: GaussianFit;
  readonly shift: number;
  readonly share: number;
}

export interface DesignModel {
  /** Mean normal score of the loss, for each row. */
  means(rows: DesignRows): Float64Array;
  /** Mean and deviation of the normal score of the loss, for each row. */
  predict(rows: DesignRows): { readonly mean: Float64Array; readonly deviation: Float64Array };
  /** Normal score of the best evaluation. */
  readonly best: number;
  /** Share of the prediction that believes the bank. */
  readonly trust: number;
}

/** Fits on evaluated designs. Throws a RangeError when there are fewer than two. */
export function fitDesignModel(kernel: DesignKernel, known: DesignRows, losses: readonly number[]): DesignModel {
  const n = known.count;
  if (n < 2) throw new RangeError('A model of designs needs two evaluations at least.');
  const scores = normalScores(losses);
  const similarities = kernel.similarities(known, known);
  const prior = Float64Array.from({ length: n }, (_, i) => bankMean(known, i));
  const fits: (Omit<Member, 'share'> & { readonly weight: number })[] = [];
  const kernels = new Map<KernelWeights, Float64Array>();
  for (const choice of CHOICES) {
    if (known.tasks === 0 && (choice.trust > 0 || choice.weights.bank > 0)) continue;
    let matrix = kernels.get(choice.weights);
    if (!matrix) {
      matrix = kernel.combine(similarities, known, known, choice.weights);
      kernels.set(choice.weights, matrix);
    }
    const residuals = scores.map((score, i) => score - choice.trust * prior[i]!);
    const shift = residuals.reduce((sum, r) => sum + r, 0) / n;
    const centred = residuals.map((r) => r - shift);
    const fit = fitGaussian(matrix, centred, choice.noise);
    if (fit) fits.push({ choice, fit, shift, weight: fit.logEvidence + choice.prior });
  }
  if (fits.length === 0) throw new RangeError('No kernel fits these evaluations.');
  const members = shares(fits);
  const each = (rows: DesignRows, visit: (member: Member, i: number, mean: number, row: Float64Array) => void) => {
    const near = kernel.similarities(rows, known);
    const crosses = new Map<KernelWeights, Float64Array>();
    for (const member of members) {
      const { choice, fit, shift } = member;
      let cross = crosses.get(choice.weights);
      if (!cross) {
        cross = kernel.combine(near, rows, known, choice.weights);
        crosses.set(choice.weights, cross);
      }
      for (let i = 0; i < rows.count; i++) {
        const row = cross.subarray(i * n, (i + 1) * n);
        let mean = shift + choice.trust * bankMean(rows, i);
        for (let j = 0; j < n; j++) mean += row[j]! * fit.alpha[j]!;
        visit(member, i, mean, row);
      }
    }
  };
  return {
    best: scores.reduce((least, score) => Math.min(least, score), Number.POSITIVE_INFINITY),
    trust: members.reduce(
      (sum, { choice, share }) => sum + (choice.trust > 0 || choice.weights.bank > 0 ? share : 0),
      0,
    ),
    means(rows) {
      const mean = new Float64Array(rows.count);
      each(rows, ({ share }, i, value) => {
        mean[i]! += share * value;
      });
      return mean;
    },
    predict(rows) {
      const mean = new Float64Array(rows.count);
      const square = new Float64Array(rows.count);
      each(rows, ({ share, choice, fit }, i, value, row) => {
        const variance = Math.max(1e-6, ownVariance(rows, i, choice.weights) - explained(fit, row.slice()));
        mean[i]! += share * value;
        square[i]! += share * (value * value + variance);
      });
      const deviation = square.map((s, i) => Math.sqrt(Math.max(1e-6, s - mean[i]! ** 2)));
      return { mean, deviation };
    },
  };
}

/** Prior variance of one row. */
function ownVariance(rows: DesignRows, i: number, { separate, together, bank }: KernelWeights): number {
  if (bank === 0 || rows.tasks === 0) return separate + together;
  let dot = 0;
  for (let t = 0; t < rows.tasks; t++) dot += rows.bank[i * rows.tasks + t]! ** 2;
  return separate + together + (bank * dot) / rows.tasks;
}

/** The likeliest few, their shares by evidence and prior. */
function shares(fits: readonly (Omit<Member, 'share'> & { readonly weight: number })[]): Member[] {
  const best = [...fits].sort((a, b) => b.weight - a.weight).slice(0, AVERAGED);
  const raw = best.map(({ weight }) => Math.exp(weight - best[0]!.weight));
  const kept = best.filter((_, i) => raw[i]! >= LEAST_SHARE);
  const total = raw.slice(0, kept.length).reduce((sum, r) => sum + r, 0);
  return kept.map(({ choice, fit, shift }, i) => ({ choice, fit, shift, share: raw[i]! / total }));
}

/** Expected improvement below `best`, for a normal prediction. */
export function expectedImprovement(mean: number, deviation: number, best: number): number {
  const z = (best - mean) / deviation;
  const density = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
  return (best - mean) * normalCdf(z) + deviation * density;
}

/** Abramowitz and Stegun 7.1.26, absolute error below 1e-7. */
function normalCdf(z: number): number {
  const t = 1 / (1 + 0.3275911 * (Math.abs(z) / Math.SQRT2));
  const poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const erf = 1 - poly * Math.exp((-z * z) / 2);
  return z >= 0 ? 0.5 * (1 + erf) : 0.5 * (1 - erf);
}
