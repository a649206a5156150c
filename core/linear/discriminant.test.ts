import { describe, expect, it } from 'vitest';
import { Random } from '../math/random.ts';
import { discriminantStart, hasDiscriminant } from './discriminant.ts';
import { type LinearData, lossAndResiduals, margins } from './problem.ts';

/** Rows of classes that lie along one direction of `columns`, and have a code that tells their parity. */
function classData(rows: number, classes: number, columns: number, noise: number): LinearData {
  const random = new Random(5);
  const targets = Float32Array.from({ length: rows }, (_, i) => i % classes);
  const values = new Float32Array(columns * rows);
  for (let j = 0; j < columns; j++) {
    for (let i = 0; i < rows; i++)
      values[j * rows + i] = (j % 2 ? 1 : -1) * (targets[i]! / classes - 0.5) * 3 + noise * random.normal();
  }
  return {
    matrix: { rows, width: columns, values },
    codes: Int32Array.from(targets, (y) => y % 2),
    codeColumns: 1,
    codeRows: 2,
    texts: [],
    problem: 'multiclass',
    outputs: classes,
    targets,
    weights: undefined,
  };
}

const lossOf = (data: LinearData, weights: Float64Array) => lossAndResiduals(data, margins(data, weights));

describe('discriminant analysis', () => {
  it('says far more of a hundred classes than their shares do, without a single gradient', () => {
    const data = classData(3000, 100, 6, 0.3);
    const weights = discriminantStart(data)!;
    expect(lossOf(data, weights)).toBeLessThan(0.6 * Math.log(100));
  });

  it('is the right answer where classes are normal with one covariance', () => {
    const data = classData(20_000, 20, 2, 1);
    const loss = lossOf(data, discriminantStart(data)!);
    // The best there is: the true densities.
    const center = (c: number, j: number) => (j % 2 ? 1 : -1) * (c / 20 - 0.5) * 3;
    let best = 0;
    for (let i = 0; i < 20_000; i++) {
      const y = data.targets[i]!;
      const density = (c: number) =>
        c % 2 === y % 2
          ? Math.exp(-0.5 * [0, 1].reduce((d, j) => d + (data.matrix.values[j * 20_000 + i]! - center(c, j)) ** 2, 0))
          : 0;
      const all = Array.from({ length: 20 }, (_, c) => density(c)).reduce((a, b) => a + b, 0);
      best -= Math.log(density(y) / all) / 20_000;
    }
    expect(loss).toBeGreaterThan(best - 0.02);
    expect(loss).toBeLessThan(best + 0.25);
  });

  it('keeps to columns that are the same, to empty classes, and leaves few classes alone', () => {
    const data = classData(500, 50, 3, 0.5);
    const twice = Float32Array.from([...data.matrix.values.subarray(0, 1000), ...data.matrix.values.subarray(0, 500)]);
    const targets = data.targets.map((y) => (y === 7 ? 8 : y));
    const weights = discriminantStart({ ...data, targets, matrix: { ...data.matrix, values: twice } })!;
    expect(weights.every(Number.isFinite)).toBe(true);
    expect(hasDiscriminant(classData(100, 3, 2, 1))).toBe(false);
    expect(discriminantStart(classData(100, 3, 2, 1))).toBeNull();
  });
});
