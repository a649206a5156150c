/**
 * Hypervolume (Zitzler and Thiele 1998): how much of the space below a reference a set of points dominates. Losses,
 * smaller is better; points that do not beat the reference in every loss count nothing.
 */

type Points = readonly (readonly number[])[];

/**
 * Exact for up to three losses.
 * @throws RangeError for more
 */
export function hypervolume(points: Points, reference: readonly number[]): number {
  const inside = points.filter((point) => reference.every((bound, k) => point[k]! < bound));
  if (reference.length === 1) return inside.reduce((most, point) => Math.max(most, reference[0]! - point[0]!), 0);
  if (reference.length === 2) return area(inside, reference);
  if (reference.length === 3) return volume(inside, reference);
  throw new RangeError(`The hypervolume of ${reference.length} losses is not computed: 1 to 3.`);
}

/** Strips between one point and the next by the first loss. */
function area(points: Points, reference: readonly number[]): number {
  const [right, top] = [reference[0]!, reference[1]!];
  let least = top;
  let sum = 0;
  for (const point of [...points].sort((a, b) => a[0]! - b[0]!)) {
    if (point[1]! >= least) continue;
    sum += (right - point[0]!) * (least - point[1]!);
    least = point[1]!;
  }
  return sum;
}

/** Slices between one point and the next by the third loss, each as large as the points before it make it. */
function volume(points: Points, reference: readonly number[]): number {
  const sorted = [...points].sort((a, b) => a[2]! - b[2]!);
  let sum = 0;
  for (let i = 0; i < sorted.length; i++) {
    const height = (sorted[i + 1]?.[2] ?? reference[2]!) - sorted[i]![2]!;
    if (height > 0) sum += height * area(sorted.slice(0, i + 1), reference);
  }
  return sum;
}

/** How much the hypervolume of `points` grows by `point`: its own box less what they dominate of it. */
export function hypervolumeGain(point: readonly number[], points: Points, reference: readonly number[]): number {
  const box = reference.reduce((product, bound, k) => product * Math.max(0, bound - point[k]!), 1);
  if (box === 0) return 0;
  const within = points.map((other) => other.map((loss, k) => Math.max(loss, point[k]!)));
  return Math.max(0, box - hypervolume(within, reference));
}
