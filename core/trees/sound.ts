/** Whether an ensemble that came from elsewhere can be walked: every path ends in a leaf, and every leaf has its values. */
import type { TreeEnsemble } from './ensemble.ts';

/** @param columns features that its trees may test */
export function isSound(ensemble: TreeEnsemble, columns: number): boolean {
  const { outputs, base, nominal, starts, targets, feature, threshold, missingLeft, left, right, values } = ensemble;
  const nodes = feature.length;
  const lists = [threshold, missingLeft, left, right];
  if (![base, nominal, starts, targets, values, ...lists].every((list) => ArrayBuffer.isView(list))) return false;
  if (lists.some((list) => list.length !== nodes) || nominal.length !== columns) return false;
  if (base.length !== outputs || starts.length !== targets.length + 1) return false;
  if (starts[0] !== 0 || starts.at(-1) !== nodes) return false;
  for (let t = 0; t < targets.length; t++) {
    const end = starts[t + 1]!;
    const target = targets[t]!;
    if (end <= starts[t]! || target < -1 || target >= outputs) return false;
    for (let node = starts[t]!; node < end; node++) {
      // Children stand after their parent, so that no path comes back.
      const inner = feature[node]! >= 0;
      const inside = (child: number) => child > node && child < end;
      if (inner ? feature[node]! >= columns || !inside(left[node]!) || !inside(right[node]!) : left[node]! < 0)
        return false;
      if (!inner && left[node]! + (target < 0 ? outputs : 1) > values.length) return false;
    }
  }
  return true;
}
