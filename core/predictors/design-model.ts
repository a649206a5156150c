/**
 * Predicts the loss of designs, with uncertainty, from a few evaluations and from what the bank knows: a Gaussian
 * process over decisions and bank scores, its parts and its trust in the bank chosen by the evidence.
 */
import { bankMean, type DesignKernel, type DesignRows, type KernelParts } from './design-kernel.ts';
import { explained, factorKernel, type GaussianFit, scaledEvidence, solveGaussian } from './gaussian-process.ts';
import { CHOICES, type ModelChoice } from './model-choices.ts';
import { normalScores } from './normal-scores.ts';

/** Choices that share the prediction, and the least share of one. */
const AVERAGED = 4;
const LEAST_SHARE = 0.05;

interface Member {
  readonly choice: ModelChoice;
  readonly fit: GaussianFit;
  readonly shift: number;
  /** Factor on variances. */
  readonly amplitude: number;
  readonly share: number;
}

export interface DesignModel {
  /** Mean normal score of the loss, for each row, by the likeliest choice alone. */
  means(rows: DesignRows): Float64Array;
  /** Mean and deviation of the normal score of the loss, for each row. */
  predict(rows: DesignRows): { readonly mean: Float64Array; readonly deviation: Float64Array };
  /** Normal score of the best evaluation. */
  readonly best: number;
  /** Share of the prediction that believes the bank. */
  readonly trust: number;
  /** Which of `CHOICES` share the prediction; a later fit may be told to look at these alone. */
  readonly choices: readonly number[];
}

/**
 * Fits on evaluated designs. Throws a RangeError when there are fewer than two.
 * @param only indices of the choices to weigh; all by default
 */
export function fitDesignModel(
  kernel: DesignKernel,
  known: DesignRows,
  losses: readonly number[],
  only?: readonly number[],
): DesignModel {
  const n = known.count;
  if (n < 2) throw new RangeError('A model of designs needs two evaluations at least.');
  const scores = normalScores(losses);
  const members = weigh(kernel, known, scores, only);
  const means = (rows: DesignRows, member: Member, parts: KernelParts) => {
    const { choice, fit, shift } = member;
    const cross = kernel.combine(parts, choice.weights, rows.count * n);
    const mean = Float64Array.from({ length: rows.count }, (_, i) => {
      let sum = shift + choice.trust * kernel.lean * bankMean(rows, i);
      for (let j = 0; j < n; j++) sum += cross[i * n + j]! * fit.alpha[j]!;
      return sum;
    });
    return { mean, cross };
  };
  return {
    best: scores.reduce((least, score) => Math.min(least, score), Number.POSITIVE_INFINITY),
    trust: members.reduce((sum, { choice, share }) => sum + (choice.asksBank ? share : 0), 0),
    choices: members.map(({ choice }) => CHOICES.indexOf(choice)),
    means(rows) {
      const first = members[0]!;
      return means(rows, first, kernel.parts(rows, known, [first.choice.weights])).mean;
    },
    predict(rows) {
      const weights = members.map(({ choice }) => choice.weights);
      const parts = kernel.parts(rows, known, weights);
      const mean = new Float64Array(rows.count);
      const square = new Float64Array(rows.count);
      for (const member of members) {
        const { mean: own, cross } = means(rows, member, parts);
        const prior = kernel.own(rows, member.choice.weights);
        const told = explained(member.fit, cross, rows.count);
        for (let i = 0; i < rows.count; i++) {
          const variance = member.amplitude * Math.max(1e-6, prior[i]! - told[i]!);
          mean[i]! += member.share * own[i]!;
          square[i]! += member.share * (own[i]! ** 2 + variance);
        }
      }
      const deviation = square.map((s, i) => Math.sqrt(Math.max(1e-6, s - mean[i]! ** 2)));
      return { mean, deviation };
    },
  };
}

/** The likeliest few choices, their shares by evidence and prior. */
function weigh(kernel: DesignKernel, known: DesignRows, scores: Float64Array, only?: readonly number[]): Member[] {
  const n = known.count;
  const bank = known.tasks > 0;
  const choices = (only?.flatMap((i) => CHOICES[i] ?? []) ?? CHOICES).filter((choice) => bank || !choice.asksBank);
  const weights = [...new Set(choices.map((choice) => choice.weights))];
  const parts = kernel.parts(known, known, weights);
  const prior = Float64Array.from({ length: n }, (_, i) => kernel.lean * bankMean(known, i));
  const fits: (Omit<Member, 'share'> & { readonly weight: number })[] = [];
  for (const each of weights) {
    const matrix = kernel.combine(parts, each, n * n);
    const same = choices.filter((choice) => choice.weights === each);
    for (const noise of new Set(same.map((choice) => choice.noise))) {
      const factor = factorKernel(matrix, n, noise);
      if (!factor) continue;
      for (const choice of same) {
        if (choice.noise !== noise) continue;
        const above = scores.map((score, i) => score - choice.trust * prior[i]!);
        const shift = above.reduce((sum, r) => sum + r, 0) / n;
        const residuals = above.map((r) => r - shift);
        const fit = solveGaussian(factor, residuals);
        const { amplitude, logEvidence } = scaledEvidence(fit, residuals);
        fits.push({ choice, fit, shift, amplitude, weight: logEvidence + choice.prior });
      }
    }
  }
  // Likeness that a bank taught need not make a kernel; what the decisions alone say always does.
  if (fits.length === 0 && only) return weigh(kernel, known, scores);
  if (fits.length === 0) throw new RangeError('No kernel fits these evaluations.');
  return shares(fits);
}

function shares(fits: readonly (Omit<Member, 'share'> & { readonly weight: number })[]): Member[] {
  const best = [...fits].sort((a, b) => b.weight - a.weight).slice(0, AVERAGED);
  const raw = best.map(({ weight }) => Math.exp(weight - best[0]!.weight));
  const kept = best.filter((_, i) => raw[i]! >= LEAST_SHARE);
  const total = raw.slice(0, kept.length).reduce((sum, r) => sum + r, 0);
  return kept.map(({ weight: _, ...member }, i) => ({ ...member, share: raw[i]! / total }));
}
