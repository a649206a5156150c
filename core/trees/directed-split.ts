/**
 * Splits of trees whose score may only rise, or only fall, along some features: LightGBM's "basic" method (Ke and others
 * 2017). A split of such a feature must have its children's values in order, and what lies between the two becomes a bound
 * for all that grows below them; so two rows that part at such a split keep their order, whatever else is tested.
 */
import { leafValue, type NodeSums, type Split, type SplitRules, shrink } from './split.ts';
import type { BinnedFeature } from './table.ts';

/** What the values below a node must lie between. */
export interface ValueBounds {
  readonly low: number;
  readonly high: number;
}

export const unbounded: ValueBounds = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

export const within = (value: number, { low, high }: ValueBounds): number => Math.min(Math.max(value, low), high);

/** The best value of a leaf within its bounds. */
export const boundedValue = (
  gradient: number,
  hessian: number,
  bounds: ValueBounds,
  rules: Pick<SplitRules, 'l1' | 'l2'>,
): number => within(leafValue(gradient, hessian, rules), bounds);

/** The bounds below the two sides of a split along `direction`, 0 for none, whose values are `left` and `right`. */
export function boundsBelow(
  bounds: ValueBounds,
  direction: number,
  left: number,
  right: number,
): readonly [ValueBounds, ValueBounds] {
  if (direction === 0) return [bounds, bounds];
  const middle = (left + right) / 2;
  const [under, over] = [
    { low: bounds.low, high: Math.min(bounds.high, middle) },
    { low: Math.max(bounds.low, middle), high: bounds.high },
  ];
  return direction > 0 ? [under, over] : [over, under];
}

/** What a node wins at a given value; at the best one this is T(G)² / (H + L2). */
function gainAt(value: number, gradient: number, hessian: number, { l1, l2 }: SplitRules): number {
  return -(2 * shrink(gradient, l1) * value + (hessian + l2) * value * value);
}

/**
 * As `scanOrdered` and `scanNominal`, for a node whose values are bounded or a feature with a direction.
 * @returns whether any test was admissible and better than no split
 */
export function scanDirected(
  histogram: Float64Array,
  offset: number,
  tested: BinnedFeature,
  hasMissing: boolean,
  sums: NodeSums,
  bounds: ValueBounds,
  rules: SplitRules,
  feature: number,
  only: number,
  best: Split,
): boolean {
  const { kind, bins } = tested;
  const direction: number = tested.direction ?? 0;
  const { gradient: G, hessian: H } = sums;
  const rowsPerHessian = sums.rows / H;
  const least = Math.max(rules.minHessian, (rules.minRows - 0.5) / rowsPerHessian);
  const base = gainAt(boundedValue(G, H, bounds, rules), G, H, rules);
  let found = false;
  const offer = (bin: number, leftG: number, leftH: number, missingLeft: boolean): void => {
    const [rightG, rightH] = [G - leftG, H - leftH];
    if (leftH < least || rightH < least) return;
    const left = boundedValue(leftG, leftH, bounds, rules);
    const right = boundedValue(rightG, rightH, bounds, rules);
    if (direction * (right - left) < 0) return;
    const gain = gainAt(left, leftG, leftH, rules) + gainAt(right, rightG, rightH, rules) - base;
    if (gain <= 1e-12) return;
    found = true;
    if (gain <= best.gain) return;
    best.gain = gain;
    best.feature = feature;
    best.bin = bin;
    best.missingLeft = missingLeft;
    best.leftGradient = leftG;
    best.leftHessian = leftH;
  };
  const [first, end] = only >= 0 ? [only, only + 1] : [0, bins];
  if (kind === 'nominal') {
    for (let b = first; b < end; b++)
      offer(b, G - histogram[offset + 2 * b]!, H - histogram[offset + 2 * b + 1]!, true);
    return found;
  }
  const missingH = hasMissing ? histogram[offset + 2 * bins + 1]! : 0;
  const anyMissing = missingH * rowsPerHessian >= 0.5;
  const missingG = histogram[offset + 2 * bins]!;
  let [leftG, leftH] = [0, 0];
  for (let b = 0; b < Math.min(end, anyMissing ? bins : bins - 1); b++) {
    leftG += histogram[offset + 2 * b]!;
    leftH += histogram[offset + 2 * b + 1]!;
    if (b < first) continue;
    offer(b, leftG, leftH, !anyMissing && 2 * leftH > H);
    if (anyMissing && b < bins - 1) offer(b, leftG + missingG, leftH + missingH, true);
  }
  return found;
}
