/** Fisher statistics of a network on a task: what its gradients say about the task, before or after training. */
import { Random } from '../math/random.ts';
import type { Layout } from './layout.ts';

/** The diagonal of the empirical Fisher information, the mean of squared gradients [n], gathered example by example. */
export class FisherDiagonal {
  private readonly sums: Float64Array;
  private count = 0;

  constructor(layout: Pick<Layout, 'size'>) {
    this.sums = new Float64Array(layout.size);
  }

  add(gradient: Float32Array): void {
    gradient.forEach((g, i) => {
      this.sums[i]! += g * g;
    });
    this.count++;
  }

  /** Throws a RangeError before the first gradient. */
  diagonal(): Float64Array {
    if (this.count === 0) throw new RangeError('No gradient was added.');
    return this.sums.map((s) => s / this.count);
  }
}

/** mean(d²) / mean(d)² of some entries of a diagonal: a ratio free of scale by which tasks are compared (Cao and others 2023, AutoTransfer). */
export function fisherRatio(diagonal: Float64Array, { entries }: Layout, of: (name: string) => boolean): number {
  const chosen = entries.filter((e) => of(e.name)).flatMap((e) => [...diagonal.subarray(e.offset, e.offset + e.size)]);
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  return mean(chosen.map((v) => v * v)) / mean(chosen) ** 2;
}

/** Classes drawn from a network's own predictions [n, C], by which the true Fisher information is estimated. */
export function sampledClasses(probabilities: Float32Array, classes: number, seed: number): BigInt64Array {
  const random = new Random(seed);
  return BigInt64Array.from({ length: probabilities.length / classes }, (_, row) => {
    let left = random.uniform();
    for (let c = 0; c < classes - 1; c++) {
      left -= probabilities[row * classes + c]!;
      if (left < 0) return BigInt(c);
    }
    return BigInt(classes - 1);
  });
}
