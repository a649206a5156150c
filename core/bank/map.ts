/** Tasks as points in a plane, alike ones close together: principal components of their standardised meta-features. */
import { symmetricEigen } from '../math/eigenvalues.ts';
import type { MetaFeatures } from './meta-features.ts';
import { standardised } from './similarity.ts';

export interface TaskMap {
  /** One a task, in their order; distances are at most those of all features. */
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** What x and y follow most, growing with it, and which share of all differences they show. Fewer where less differs. */
  readonly axes: readonly { readonly name: string; readonly share: number }[];
}

/** Places tasks by the two directions in which they differ most (Pearson 1901). */
export function placeTasks(tasks: readonly MetaFeatures[]): TaskMap {
  const all = [...new Set(tasks.flatMap((task) => Object.keys(task)))];
  const { points, names } = standardised(tasks, all);
  const n = names.length;
  const covariance = new Float64Array(n * n);
  for (const point of points)
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) covariance[i * n + j]! += point[i]! * point[j]!;
  const { values, vectors } = symmetricEigen(covariance, n);
  const total = values.reduce((sum, value) => sum + value, 0);
  const axes = Array.from({ length: Math.min(2, n) }, (_, k) => {
    const vector = vectors.subarray((n - 1 - k) * n, (n - k) * n);
    let strongest = 0;
    vector.forEach((loading, i) => {
      // Of equals the first, so that rounding does not choose.
      if (Math.abs(loading) > Math.abs(vector[strongest]!) + 1e-9) strongest = i;
    });
    // An axis has no direction of its own: it grows with what it follows most.
    const sign = vector[strongest]! < 0 ? -1 : 1;
    return { direction: vector.map((v) => sign * v), name: names[strongest]!, share: values[n - 1 - k]! / total };
  });
  const along = (point: readonly number[], k: number) =>
    axes[k] ? point.reduce((sum, v, i) => sum + v * axes[k]!.direction[i]!, 0) : 0;
  return {
    points: points.map((point) => ({ x: along(point, 0), y: along(point, 1) })),
    axes: axes.map(({ name, share }) => ({ name, share })),
  };
}
