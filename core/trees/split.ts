/**
 * Finds the best split of one node from its histograms. Gains and leaf values follow second-order boosting with L1
 * and L2 (Chen and Guestrin 2016; Ke and others 2017): gain = T(G)^2 / (H + L2), value = -T(G) / (H + L2).
 */
export interface SplitRules {
  readonly minRows: number;
  readonly minHessian: number;
  readonly l1: number;
  readonly l2: number;
}

/** Sums of a node. Rows per bin are estimated from hessians, so histograms need no third number. */
export interface NodeSums {
  readonly gradient: number;
  readonly hessian: number;
  readonly rows: number;
}

/** The best split seen so far, overwritten in place. `gain` is what both children win over the node. */
export class Split {
  gain = 0;
  feature = -1;
  bin = 0;
  missingLeft = false;
  leftGradient = 0;
  leftHessian = 0;

  reset(): void {
    this.gain = 0;
    this.feature = -1;
  }

  copyFrom(other: Split): void {
    this.gain = other.gain;
    this.feature = other.feature;
    this.bin = other.bin;
    this.missingLeft = other.missingLeft;
    this.leftGradient = other.leftGradient;
    this.leftHessian = other.leftHessian;
  }
}

/** G shrunk towards zero by L1. */
export function shrink(gradient: number, l1: number): number {
  if (l1 === 0) return gradient;
  const size = Math.abs(gradient) - l1;
  return size <= 0 ? 0 : gradient > 0 ? size : -size;
}

/** Newton step of a leaf. */
export function leafValue(gradient: number, hessian: number, rules: Pick<SplitRules, 'l1' | 'l2'>): number {
  const denominator = hessian + rules.l2;
  return denominator > 0 ? -shrink(gradient, rules.l1) / denominator : 0;
}

function score(gradient: number, hessian: number, rules: SplitRules): number {
  const g = shrink(gradient, rules.l1);
  return (g * g) / (hessian + rules.l2);
}

/**
 * Scores every threshold of an ordered feature (or only threshold number `only`).
 * Missing values try both sides; where a node holds none, they will follow its larger child.
 * @param offset first float64 cell of the feature in `histogram`
 * @param bins number of value bins; the bin after them holds missing values
 * @returns whether any threshold was admissible and better than no split (not than `best`)
 */
export function scanOrdered(
  histogram: Float64Array,
  offset: number,
  bins: number,
  hasMissing: boolean,
  sums: NodeSums,
  rules: SplitRules,
  feature: number,
  only: number,
  best: Split,
): boolean {
  const { gradient: G, hessian: H } = sums;
  const { minRows, l1, l2 } = rules;
  const rowsPerHessian = sums.rows / H;
  const least = Math.max(rules.minHessian, (minRows - 0.5) / rowsPerHessian);
  const base = score(G, H, rules);
  let missingG = 0;
  let missingH = 0;
  if (hasMissing) {
    missingG = histogram[offset + 2 * bins]!;
    missingH = histogram[offset + 2 * bins + 1]!;
    if (missingH * rowsPerHessian < 0.5) {
      missingG = 0;
      missingH = 0;
    }
  }
  const anyMissing = missingH > 0;
  const last = anyMissing ? bins : bins - 1;
  let found = false;
  let leftG = 0;
  let leftH = 0;
  for (let b = 0; b < last; b++) {
    const at = offset + 2 * b;
    leftG += histogram[at]!;
    leftH += histogram[at + 1]!;
    if (only >= 0) {
      if (b < only) continue;
      if (b > only) break;
    }
    const rightH = H - leftH;
    if (leftH >= least && rightH >= least) {
      const rightG = G - leftG;
      const a = leftH + l2;
      const c = rightH + l2;
      const gain =
        l1 === 0
          ? (leftG * leftG * c + rightG * rightG * a) / (a * c) - base
          : score(leftG, leftH, rules) + score(rightG, rightH, rules) - base;
      if (gain > 1e-12) {
        found = true;
        if (gain > best.gain) {
          best.gain = gain;
          best.feature = feature;
          best.bin = b;
          best.missingLeft = !anyMissing && leftH > rightH;
          best.leftGradient = leftG;
          best.leftHessian = leftH;
        }
      }
    }
    if (anyMissing && b < bins - 1) {
      const withG = leftG + missingG;
      const withH = leftH + missingH;
      const restH = H - withH;
      if (withH >= least && restH >= least) {
        const gain = score(withG, withH, rules) + score(G - withG, restH, rules) - base;
        if (gain > 1e-12) {
          found = true;
          if (gain > best.gain) {
            best.gain = gain;
            best.feature = feature;
            best.bin = b;
            best.missingLeft = true;
            best.leftGradient = withG;
            best.leftHessian = withH;
          }
        }
      }
      continue;
    }
    if (rightH < least) break;
  }
  return found;
}

/** Scores `code == k` for every code of a nominal feature (or only `only`); rows with the code go right. */
export function scanNominal(
  histogram: Float64Array,
  offset: number,
  bins: number,
  sums: NodeSums,
  rules: SplitRules,
  feature: number,
  only: number,
  best: Split,
): boolean {
  const { gradient: G, hessian: H } = sums;
  const least = Math.max(rules.minHessian, ((rules.minRows - 0.5) * H) / sums.rows);
  const base = score(G, H, rules);
  let found = false;
  const first = Math.max(0, only);
  const end = only >= 0 ? only + 1 : bins;
  for (let b = first; b < end; b++) {
    const rightG = histogram[offset + 2 * b]!;
    const rightH = histogram[offset + 2 * b + 1]!;
    const leftH = H - rightH;
    if (rightH < least || leftH < least) continue;
    const gain = score(G - rightG, leftH, rules) + score(rightG, rightH, rules) - base;
    if (gain <= 1e-12) continue;
    found = true;
    if (gain <= best.gain) continue;
    best.gain = gain;
    best.feature = feature;
    best.bin = b;
    best.missingLeft = true;
    best.leftGradient = G - rightG;
    best.leftHessian = leftH;
  }
  return found;
}
