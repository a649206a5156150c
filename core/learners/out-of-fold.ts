/** Out-of-fold predictions: every row by the mean of the fold models that have not seen it. */
import type { Fold } from '../tasks/folds.ts';

export class OutOfFold {
  private readonly sums: Float64Array;
  private readonly counts: Uint16Array;
  private readonly classes: number;

  constructor(rows: number, classes: number) {
    this.sums = new Float64Array(rows * classes);
    this.counts = new Uint16Array(rows);
    this.classes = classes;
  }

  /** @param predictions of the fold's validation rows in their order, row-major, on the plain scale */
  add(fold: Pick<Fold, 'valid'>, predictions: Float32Array): void {
    const { classes, sums, counts } = this;
    fold.valid.forEach((row, i) => {
      for (let c = 0; c < classes; c++) sums[row * classes + c]! += predictions[i * classes + c]!;
      counts[row]! += 1;
    });
  }

  /**
   * Row-major [rows, classes]; NaN in rows that no fold validates.
   * @throws RangeError where a row that some fold validates has no number
   */
  mean(): Float32Array {
    const { classes, sums, counts } = this;
    const predictions = new Float32Array(sums.length);
    for (let row = 0, at = 0; row < counts.length; row++) {
      const count = counts[row]!;
      for (let c = 0; c < classes; c++, at++) {
        const mean = count === 0 ? Number.NaN : sums[at]! / count;
        if (count > 0 && Number.isNaN(mean)) throw new RangeError('Training diverged: a prediction is not a number.');
        predictions[at] = mean;
      }
    }
    return predictions;
  }
}
