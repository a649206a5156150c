/** Finished trees on float32 features: what is stored, predicted with and exported. */
import type { BinTree } from './bin-tree.ts';
import type { BinnedFeature } from './table.ts';

export interface TreeEnsemble {
  /** Scores per row. */
  readonly outputs: number;
  /** Start values, one per output. */
  readonly base: Float64Array;
  /** 1 for nominal features. */
  readonly nominal: Uint8Array;
  /** Nodes of tree t are `starts[t]..starts[t + 1]`, its root first. */
  readonly starts: Int32Array;
  /** Output that a tree adds to, or -1 when its leaves hold all outputs. */
  readonly targets: Int32Array;
  /** Tested feature, or -1 for a leaf. */
  readonly feature: Int32Array;
  /** Ordered: `x <= threshold` goes left. Nominal: `x == threshold` goes right. */
  readonly threshold: Float32Array;
  /** 1 where a missing value goes left. */
  readonly missingLeft: Uint8Array;
  /** Left child node; for a leaf the index of its first value. */
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly values: Float32Array;
}

/** A tree with its place in the sum. */
export interface PlacedTree {
  readonly tree: BinTree;
  /** Output, or -1 for all. */
  readonly target: number;
}

/** Joins trees on bins into one ensemble on float32 values. */
export function joinTrees(
  trees: readonly PlacedTree[],
  features: readonly BinnedFeature[],
  base: Float64Array,
): TreeEnsemble {
  let nodes = 0;
  let numbers = 0;
  for (const { tree } of trees) {
    nodes += tree.nodes + tree.leaves;
    numbers += tree.values.length;
  }
  const ensemble = {
    outputs: base.length,
    base,
    nominal: Uint8Array.from(features, (feature) => (feature.kind === 'nominal' ? 1 : 0)),
    starts: new Int32Array(trees.length + 1),
    targets: Int32Array.from(trees, (placed) => placed.target),
    feature: new Int32Array(nodes).fill(-1),
    threshold: new Float32Array(nodes),
    missingLeft: new Uint8Array(nodes),
    left: new Int32Array(nodes),
    right: new Int32Array(nodes),
    values: new Float32Array(numbers),
  };
  let node = 0;
  let value = 0;
  trees.forEach(({ tree }, t) => {
    ensemble.starts[t] = node;
    const perLeaf = tree.values.length / tree.leaves;
    // Inner nodes keep their order, leaves follow them; a tree of one leaf has its leaf as root.
    for (let i = 0; i < tree.nodes; i++) {
      const f = tree.feature[i]!;
      const feature = features[f]!;
      const at = node + i;
      const place = (child: number) => node + (child >= 0 ? child : tree.nodes + ~child);
      ensemble.feature[at] = f;
      ensemble.threshold[at] = thresholdOf(feature, tree.bin[i]!);
      ensemble.missingLeft[at] = tree.missingLeft[i]!;
      ensemble.left[at] = place(tree.left[i]!);
      ensemble.right[at] = place(tree.right[i]!);
    }
    for (let leaf = 0; leaf < tree.leaves; leaf++) ensemble.left[node + tree.nodes + leaf] = value + leaf * perLeaf;
    ensemble.values.set(tree.values, value);
    node += tree.nodes + tree.leaves;
    value += tree.values.length;
  });
  ensemble.starts[trees.length] = node;
  return ensemble;
}

/** The last value bin has no upper end: a split there only parts missing values from the rest. */
function thresholdOf(feature: BinnedFeature, bin: number): number {
  if (feature.kind === 'nominal') return bin;
  return bin < feature.thresholds.length ? feature.thresholds[bin]! : Infinity;
}

/** Rows that are laid out row by row at a time, so that a row's features share cache lines. */
const BLOCK_ROWS = 256;

/**
 * Sums of trees and start values.
 * @param columns float32 features (NaN missing; codes of nominal features as numbers)
 * @param n number of rows
 * @returns scores, row-major [n, outputs]
 */
export function predictTrees(ensemble: TreeEnsemble, columns: readonly Float32Array[], n: number): Float64Array {
  const { outputs } = ensemble;
  const scores = new Float64Array(n * outputs);
  const width = columns.length;
  const block = new Float32Array(BLOCK_ROWS * width);
  for (let first = 0; first < n; first += BLOCK_ROWS) {
    const size = Math.min(BLOCK_ROWS, n - first);
    for (let f = 0; f < width; f++) {
      const column = columns[f]!;
      for (let i = 0; i < size; i++) block[i * width + f] = column[first + i]!;
    }
    for (let i = 0; i < size; i++) scores.set(ensemble.base, (first + i) * outputs);
    addBlock(ensemble, block, width, size, scores, first * outputs);
  }
  return scores;
}

function addBlock(
  ensemble: TreeEnsemble,
  block: Float32Array,
  width: number,
  size: number,
  scores: Float64Array,
  at: number,
): void {
  const { outputs, nominal, starts, targets, feature, threshold, missingLeft, left, right, values } = ensemble;
  for (let t = 0; t < targets.length; t++) {
    const root = starts[t]!;
    const target = targets[t]!;
    for (let i = 0; i < size; i++) {
      const row = i * width;
      let node = root;
      let f = feature[node]!;
      while (f >= 0) {
        const x = block[row + f]!;
        const limit = threshold[node]!;
        const goesLeft = nominal[f] === 1 ? x !== limit : x <= limit || (Number.isNaN(x) && missingLeft[node] === 1);
        node = goesLeft ? left[node]! : right[node]!;
        f = feature[node]!;
      }
      const value = left[node]!;
      const score = at + i * outputs;
      if (target >= 0) scores[score + target]! += values[value]!;
      else for (let k = 0; k < outputs; k++) scores[score + k]! += values[value + k]!;
    }
  }
}
