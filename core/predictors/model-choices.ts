/** The kernels that a model of designs weighs against each other. */
import type { KernelWeights } from './design-kernel.ts';

export interface ModelChoice {
  readonly weights: KernelWeights;
  /** Share of what the bank leads to expect that is the prior mean. */
  readonly trust: number;
  readonly noise: number;
  /** Logarithm of its prior weight, up to a constant. */
  readonly prior: number;
  /** Useless without a bank. */
  readonly asksBank: boolean;
}

const NOISES = [0.03, 0.15, 0.45];
const TRUSTS = [0, 0.5, 1];

/** What the decisions alone say. */
const COLD: readonly KernelWeights[] = [{ separate: 1 }, { separate: 0.5, together: 0.5 }];
/** With options as the bank's tasks liken them, and with designs as they did there. */
const WARM: readonly KernelWeights[] = [
  { exchange: 1 },
  { exchange: 0.6, near: 0.4 },
  { effects: 0.4, exchange: 0.5 },
  { effects: 0.3, exchange: 0.4, bank: 0.3, near: 0.3 },
  { separate: 0.2, together: 0.2, bank: 1 },
];

/** Few evaluations say little of the bank; until they do it is believed. */
export const CHOICES: readonly ModelChoice[] = [...COLD, ...WARM].flatMap((weights) =>
  TRUSTS.flatMap((trust) =>
    NOISES.map((noise) => {
      const learned = !COLD.includes(weights);
      return {
        weights,
        trust,
        noise,
        prior: (trust > 0 ? 1.5 : 0) + (learned ? 1 : 0),
        asksBank: learned || trust > 0,
      };
    }),
  ),
);
