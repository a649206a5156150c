/**
 * TreeSHAP (Lundberg, Erion and Lee 2018, arXiv 1802.03888, algorithm 2): each feature's share of a prediction, exact
 * under the conditional expectation that follows both branches by how many training rows took them.
 */
import type { TreeEnsemble } from './ensemble.ts';

/** One feature on the path: the shares of coalitions without (`zero`) and with it (`one`) that go on, and the weight. */
interface Step {
  readonly feature: number;
  readonly zero: number;
  readonly one: number;
  weight: number;
}

/** How many rows reach each node of an ensemble: the cover that expectations are taken over. */
export function coverOf(ensemble: TreeEnsemble, columns: readonly Float32Array[], rows: number): Float64Array {
  const cover = new Float64Array(ensemble.feature.length);
  for (let t = 0; t < ensemble.targets.length; t++) {
    for (let i = 0; i < rows; i++) {
      let node = ensemble.starts[t]!;
      for (;;) {
        cover[node]!++;
        if (ensemble.feature[node]! < 0) break;
        node = nextNode(ensemble, columns, i, node);
      }
    }
  }
  return cover;
}

/**
 * Contributions of features to output `output` of one row, the last entry the expected output; they sum to the
 * prediction.
 * @param cover of `coverOf`, on the training rows
 */
export function treeShap(
  ensemble: TreeEnsemble,
  columns: readonly Float32Array[],
  row: number,
  cover: Float64Array,
  output = 0,
): Float64Array {
  const { starts, targets, feature, left, right, values, base } = ensemble;
  const shares = new Float64Array(columns.length + 1);
  const expected = columns.length;
  shares[expected] = base[output]!;
  const leafValue = (node: number, target: number) => values[left[node]! + (target < 0 ? output : 0)]!;
  const recurse = (node: number, target: number, path: readonly Step[]): void => {
    const f = feature[node]!;
    if (f < 0) {
      const value = leafValue(node, target);
      for (let i = 1; i < path.length; i++) {
        const { feature: of, one, zero } = path[i]!;
        shares[of]! += unwoundSum(path, i) * (one - zero) * value;
      }
      return;
    }
    const hot = nextNode(ensemble, columns, row, node);
    const cold = hot === left[node] ? right[node]! : left[node]!;
    const met = path.findIndex((step, i) => i > 0 && step.feature === f);
    const before = met > 0 ? path[met]! : { zero: 1, one: 1 };
    const rest = met > 0 ? unwind(path, met) : path;
    const total = Math.max(cover[node]!, Number.MIN_VALUE);
    recurse(hot, target, extend(rest, (before.zero * cover[hot]!) / total, before.one, f));
    recurse(cold, target, extend(rest, (before.zero * cover[cold]!) / total, 0, f));
  };
  for (let t = 0; t < targets.length; t++) {
    const target = targets[t]!;
    if (target >= 0 && target !== output) continue;
    const root = starts[t]!;
    shares[expected]! += expectation(ensemble, cover, root, (node) => leafValue(node, target));
    recurse(root, target, extend([], 1, 1, -1));
  }
  return shares;
}

function nextNode(ensemble: TreeEnsemble, columns: readonly Float32Array[], row: number, node: number): number {
  const f = ensemble.feature[node]!;
  const x = columns[f]![row]!;
  const limit = ensemble.threshold[node]!;
  const goesLeft =
    ensemble.nominal[f] === 1 ? x !== limit : x <= limit || (Number.isNaN(x) && ensemble.missingLeft[node] === 1);
  return goesLeft ? ensemble.left[node]! : ensemble.right[node]!;
}

function expectation(
  ensemble: TreeEnsemble,
  cover: Float64Array,
  node: number,
  value: (node: number) => number,
): number {
  if (ensemble.feature[node]! < 0) return value(node);
  const [a, b] = [ensemble.left[node]!, ensemble.right[node]!];
  const total = Math.max(cover[node]!, Number.MIN_VALUE);
  return (
    (cover[a]! / total) * expectation(ensemble, cover, a, value) +
    (cover[b]! / total) * expectation(ensemble, cover, b, value)
  );
}

/** The path with one more feature. */
function extend(path: readonly Step[], zero: number, one: number, feature: number): Step[] {
  const length = path.length;
  const longer = path.map((step) => ({ ...step }));
  longer.push({ feature, zero, one, weight: length === 0 ? 1 : 0 });
  for (let i = length - 1; i >= 0; i--) {
    longer[i + 1]!.weight += (one * longer[i]!.weight * (i + 1)) / (length + 1);
    longer[i]!.weight = (zero * longer[i]!.weight * (length - i)) / (length + 1);
  }
  return longer;
}

/** The weights of the path without feature `at`, in order. */
function unwoundWeights(path: readonly Step[], at: number): Float64Array {
  const last = path.length - 1;
  const { one, zero } = path[at]!;
  const weights = new Float64Array(last);
  let next = path[last]!.weight;
  for (let j = last - 1; j >= 0; j--) {
    if (one !== 0) {
      weights[j] = (next * (last + 1)) / ((j + 1) * one);
      next = path[j]!.weight - (weights[j]! * zero * (last - j)) / (last + 1);
    } else weights[j] = zero === 0 ? 0 : (path[j]!.weight * (last + 1)) / (zero * (last - j));
  }
  return weights;
}

function unwoundSum(path: readonly Step[], at: number): number {
  return unwoundWeights(path, at).reduce((sum, weight) => sum + weight, 0);
}

function unwind(path: readonly Step[], at: number): Step[] {
  const weights = unwoundWeights(path, at);
  return path.filter((_, i) => i !== at).map((step, j) => ({ ...step, weight: weights[j]! }));
}
