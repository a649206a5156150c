/** A tree on bins, as growers leave it: inner nodes in arrays, children by index, leaves as negative numbers. */
import type { BinnedFeature, BinnedTable } from './table.ts';

export interface BinTree {
  /** Number of inner nodes; 0 for a tree that is one leaf. The root is node 0. */
  readonly nodes: number;
  readonly feature: Int32Array;
  /** Ordered: bins <= `bin` go left. Nominal: the code `bin` goes right. */
  readonly bin: Uint8Array;
  readonly missingLeft: Uint8Array;
  /** Child node, or ~leaf (negative). */
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly leaves: number;
  /** `leaves * outputs` numbers, leaf by leaf. */
  readonly values: Float64Array;
}

/** Room for a tree of at most `leaves` leaves that a grower fills again and again. */
export class TreeBuffer {
  nodes = 0;
  leaves = 1;
  readonly feature: Int32Array;
  readonly bin: Uint8Array;
  readonly missingLeft: Uint8Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly values: Float64Array;

  constructor(leaves: number, outputs = 1) {
    this.feature = new Int32Array(leaves);
    this.bin = new Uint8Array(leaves);
    this.missingLeft = new Uint8Array(leaves);
    this.left = new Int32Array(leaves);
    this.right = new Int32Array(leaves);
    this.values = new Float64Array(leaves * outputs);
  }

  /** A copy that no longer changes. */
  freeze(outputs = 1): BinTree {
    return {
      nodes: this.nodes,
      leaves: this.leaves,
      feature: this.feature.slice(0, this.nodes),
      bin: this.bin.slice(0, this.nodes),
      missingLeft: this.missingLeft.slice(0, this.nodes),
      left: this.left.slice(0, this.nodes),
      right: this.right.slice(0, this.nodes),
      values: this.values.slice(0, this.leaves * outputs),
    };
  }
}

/** Marks the bins of `feature` that go left at a split. `goesLeft` has 256 entries. */
export function markLeft(goesLeft: Uint8Array, feature: BinnedFeature, bin: number, missingLeft: boolean): void {
  if (feature.kind === 'nominal') {
    goesLeft.fill(1, 0, feature.bins + 1);
    goesLeft[bin] = 0;
    return;
  }
  goesLeft.fill(1, 0, bin + 1);
  goesLeft.fill(0, bin + 1, feature.bins + 1);
  if (missingLeft) goesLeft[feature.bins] = 1;
  else goesLeft[feature.bins] = 0;
}

/** The leaf that `row` of `table` falls into. */
export function leafOf(tree: BinTree, table: BinnedTable, row: number): number {
  if (tree.nodes === 0) return 0;
  let node = 0;
  do {
    const f = tree.feature[node]!;
    const feature = table.features[f]!;
    const code = table.columns[f]![row]!;
    const bin = tree.bin[node]!;
    let left: boolean;
    if (feature.kind === 'nominal') left = code !== bin;
    else left = code === feature.bins ? tree.missingLeft[node] === 1 : code <= bin;
    node = left ? tree.left[node]! : tree.right[node]!;
  } while (node >= 0);
  return ~node;
}

/**
 * Adds a tree's leaf values to the listed rows (all when undefined).
 * @param scores output after output, `table.rows` numbers each; a tree with one value per leaf adds to the first
 */
export function addTreeScores(tree: BinTree, table: BinnedTable, scores: Float64Array, rows?: Int32Array): void {
  const n = rows ? rows.length : table.rows;
  const outputs = tree.values.length / tree.leaves;
  for (let i = 0; i < n; i++) {
    const row = rows ? rows[i]! : i;
    const at = leafOf(tree, table, row) * outputs;
    for (let k = 0; k < outputs; k++) scores[k * table.rows + row]! += tree.values[at + k]!;
  }
}
