/** Stops boosting when the held-out score has not improved for a patience that grows with the best round. */

/** AutoGluon's adaptive patience: 300 rounds up to 10,000 rows, fewer above, and longer once the best round is late. */
export function patience(rows: number, bestRound: number): number {
  const least = rows <= 10_000 ? 300 : Math.max(20, Math.round((300 * 10_000) / rows));
  return Math.max(least, Math.round(0.3 * bestRound + 20));
}

export class EarlyStopping {
  bestRound = 0;
  bestValue: number;
  readonly curve: number[] = [];
  private readonly rows: number;
  private readonly scale: number;

  /**
   * @param start value before the first round, so that a model no better than a constant keeps no trees
   * @param rows training rows
   * @param scale factor on the patience: fast learning rates need fewer rounds to show that they are done
   */
  constructor(start: number, rows: number, scale = 1) {
    this.bestValue = start;
    this.rows = rows;
    this.scale = scale;
  }

  /** Records the value (smaller is better) after `round` rounds; true when it is the best so far. */
  record(round: number, value: number): boolean {
    this.curve.push(value);
    if (!(value < this.bestValue)) return false;
    this.bestValue = value;
    this.bestRound = round;
    return true;
  }

  /** Whether round `round` may be the last. */
  exhausted(round: number): boolean {
    return round - this.bestRound >= Math.max(10, patience(this.rows, this.bestRound) * this.scale);
  }
}
