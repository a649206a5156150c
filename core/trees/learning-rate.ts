/**
 * Learning rates: one from the size of the data, and one that makes the rounds fit into the time left.
 */
export type LossName = 'squared' | 'quantile' | 'poisson' | 'tweedie' | 'logistic' | 'softmax';

/** (A, B, C, D) of CatBoost's automatic rate for runs with a validation part (catboost options_helper.cpp). */
const RATE: Readonly<Record<'squared' | 'logistic' | 'softmax', readonly [number, number, number, number]>> = {
  logistic: [0.246, -5.127, -0.451, 0.978],
  softmax: [0.02, -2.364, -0.382, 0.924],
  squared: [0.157, -4.062, -0.61, 1.557],
};

/** The rate for `rows` training rows and at most `rounds` rounds. */
export function automaticRate(loss: LossName, rows: number, rounds: number): number {
  const [a, b, c, d] = RATE[loss === 'logistic' || loss === 'softmax' ? loss : 'squared'];
  const bySize = Math.exp(b + a * Math.log(rows));
  const byRounds = Math.exp(c * Math.log(rounds) + d) / Math.exp(c * Math.log(1000) + d);
  return Math.min(0.5, bySize * byRounds);
}

/** Rounds times rate after which boosting has usually passed its best round. */
const USUAL_PATH = 20;

/** Above this a raised rate costs more accuracy than stopping early. */
const LARGEST_RATE = 0.3;

/**
 * A rate at which the rounds still needed fit into the rounds still affordable.
 * @param done rounds grown, all with about `rate`
 * @param affordable rounds that the time left allows
 * @param most upper limit of rounds
 */
export function rateThatFits(rate: number, done: number, affordable: number, most: number): number {
  const needed = Math.min(most, USUAL_PATH / rate) - done;
  if (needed <= affordable) return rate;
  return Math.max(rate, Math.min(LARGEST_RATE, (rate * needed) / Math.max(1, affordable)));
}
