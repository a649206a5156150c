/** Factors of learning rate, weight decay and dropout over training; `t` runs from 0 at the first step towards 1. */

export const scheduleNames = ['constant', 'cosine', 'coslog4', 'flat-cosine', 'power-cosine', 'one-cycle'] as const;
export type ScheduleName = (typeof scheduleNames)[number];

const schedules: Readonly<Record<ScheduleName, (t: number) => number>> = {
  constant: () => 1,
  /** Half a cosine wave from 1 to 0 (Loshchilov and Hutter 2017). */
  cosine: (t) => 0.5 * (1 + Math.cos(Math.PI * t)),
  /** Four waves of doubling length, 0 at both ends (Holzmüller, Grinsztajn and Steinwart 2024). */
  coslog4: (t) => 0.5 * (1 - Math.cos(2 * Math.PI * Math.log2(1 + 15 * t))),
  /** 1 for the first half, then half a cosine wave to 0. */
  'flat-cosine': (t) => (t < 0.5 ? 1 : 0.5 * (1 + Math.cos(Math.PI * (2 * t - 1)))),
  /** Half a cosine wave c bent down by (p^(1 + c) - p) / (p² - p), order p = 10 (Hundt, Jain and Hager 2019). */
  'power-cosine': (t) => (10 ** (1 + 0.5 * (1 + Math.cos(Math.PI * t))) - 10) / 90,
  /** Half a cosine wave up from 1/25 to 1 in the first 30%, another down to 0 (Smith and Topin 2019). */
  'one-cycle': (t) =>
    t < 0.3
      ? 1 / 25 + (24 / 25) * 0.5 * (1 - Math.cos((Math.PI * t) / 0.3))
      : 0.5 * (1 + Math.cos((Math.PI * (t - 0.3)) / 0.7)),
};

/** Value of the schedule called `name` at `t` in [0, 1]. */
export const scheduleAt = (name: ScheduleName, t: number): number => schedules[name](t);

/** Share of a moving average that stays at update `t` (from 0): up to `limit`, less while the average is young. */
export const averageDecay = (limit: number, t: number): number => Math.min(limit, (1 + t) / (10 + t));
