/** Points with several losses that are traded off: who dominates whom, and who stands alone. Smaller is better. */

type Points = readonly (readonly number[])[];

/** Whether `a` is nowhere worse than `b` and somewhere better. */
export function dominates(a: readonly number[], b: readonly number[]): boolean {
  let better = false;
  for (let k = 0; k < a.length; k++) {
    if (a[k]! > b[k]!) return false;
    if (a[k]! < b[k]!) better = true;
  }
  return better;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let k = 0; k < a.length; k++) if (a[k] !== b[k]) return a[k]! - b[k]!;
  return 0;
}

/** Indices with the first loss ascending, then the second and so on: what dominates a point comes before it. */
function sortedPlaces(points: Points): number[] {
  return Array.from(points.keys()).sort((a, b) => compare(points[a]!, points[b]!));
}

/** Whether a front that is filled in that order has a point above `point`; the last ones are the likeliest. */
function isBelow(point: readonly number[], front: readonly number[], points: Points): boolean {
  for (let at = front.length - 1; at >= 0; at--) if (dominates(points[front[at]!]!, point)) return true;
  return false;
}

/** Indices of the points that no other dominates, the first loss ascending; of equal points all. */
export function firstFront(points: Points): number[] {
  const front: number[] = [];
  for (const i of sortedPlaces(points)) if (!isBelow(points[i]!, front, points)) front.push(i);
  return front;
}

/**
 * All points, front by front: no point of a front dominates another of it, and each but the first front's is dominated
 * by one of the front before. Non-dominated sorting as NSGA-II wants it (Deb, Pratap, Agarwal and Meyarivan 2002), by
 * putting each point into the first front that is not above it (Zhang, Tian, Cheng and Jin 2015), which is faster.
 */
export function nonDominatedFronts(points: Points): number[][] {
  const fronts: number[][] = [];
  for (const i of sortedPlaces(points)) {
    const front = fronts.find((members) => !isBelow(points[i]!, members, points));
    if (front) front.push(i);
    else fronts.push([i]);
  }
  return fronts;
}

/**
 * How far apart the neighbours of each point of a front are, summed over losses as shares of their spans; infinite for
 * the ends of each loss (Deb et al. 2002).
 */
export function crowdingDistances(front: Points): Float64Array {
  const distances = new Float64Array(front.length);
  for (let k = 0; k < (front[0]?.length ?? 0); k++) {
    const order = Array.from(front.keys()).sort((a, b) => front[a]![k]! - front[b]![k]!);
    const loss = (at: number) => front[order[at]!]![k]!;
    const last = order.length - 1;
    const span = loss(last) - loss(0);
    distances[order[0]!] = Number.POSITIVE_INFINITY;
    distances[order[last]!] = Number.POSITIVE_INFINITY;
    if (span > 0) for (let at = 1; at < last; at++) distances[order[at]!]! += (loss(at + 1) - loss(at - 1)) / span;
  }
  return distances;
}

/** All indices by the crowded comparison of NSGA-II: earlier fronts first, within a front the least crowded first. */
export function crowdedOrder(points: Points): number[] {
  return nonDominatedFronts(points).flatMap((front) => {
    const distances = crowdingDistances(front.map((i) => points[i]!));
    return Array.from(front.keys())
      .sort((a, b) => (distances[a] === distances[b] ? front[a]! - front[b]! : distances[b]! - distances[a]!))
      .map((at) => front[at]!);
  });
}
