/**
 * Grows one tree of a forest on several target columns at once, best split first. Every node looks at a few random
 * features: all thresholds of each (random forest, Breiman 2001) or one at random (extra trees, Geurts and others 2006).
 * The gain is the drop in squared error summed over columns; for class indicators that is the Gini impurity.
 */
import type { Random } from '../math/random.ts';
import { type BinTree, markLeft, TreeBuffer } from './bin-tree.ts';
import { MaxHeap } from './heap.ts';
import { partitionRows } from './partition.ts';
import type { BinnedTable } from './table.ts';

export interface ForestTreeOptions {
  readonly maxLeaves: number;
  /** Least weight of a leaf. */
  readonly minRows: number;
  /** Features a node looks at. */
  readonly featuresPerNode: number;
  readonly extraTrees: boolean;
  /** Rows of the overall mean mixed into each leaf, so that no class gets probability 0. */
  readonly smoothing: number;
}

interface Node {
  readonly start: number;
  readonly count: number;
  /** Where the parent points here: node * 2 + (1 if right), -1 for the root. */
  readonly parent: number;
  readonly weight: number;
  readonly sums: Float64Array;
  gain: number;
  feature: number;
  bin: number;
  missingLeft: boolean;
}

export class ForestGrower {
  private readonly table: BinnedTable;
  private readonly targets: Float32Array;
  private readonly outputs: number;
  private readonly options: ForestTreeOptions;
  private readonly features: Int32Array;
  private readonly order: Int32Array;
  private readonly scratch: Int32Array;
  private readonly goesLeft = new Uint8Array(256);
  private readonly histogram: Float64Array;
  private readonly left: Float64Array;
  private readonly buffer: TreeBuffer;

  /** @param targets row-major [rows, outputs] */
  constructor(
    table: BinnedTable,
    targets: Float32Array,
    outputs: number,
    features: Int32Array,
    options: ForestTreeOptions,
  ) {
    this.table = table;
    this.targets = targets;
    this.outputs = outputs;
    this.options = options;
    this.features = features.slice();
    this.order = new Int32Array(table.rows);
    this.scratch = new Int32Array(table.rows);
    this.histogram = new Float64Array(256 * (outputs + 1));
    this.left = new Float64Array(outputs);
    this.buffer = new TreeBuffer(Math.max(2, Math.min(options.maxLeaves, table.rows)), outputs);
  }

  /** @param weights one per row; rows of weight 0 are left out */
  grow(weights: Float32Array, random: Random): BinTree {
    const { buffer, order } = this;
    const leaves = this.buffer.feature.length;
    buffer.nodes = 0;
    buffer.leaves = 0;
    let count = 0;
    for (let row = 0; row < this.table.rows; row++) if (weights[row]! > 0) order[count++] = row;
    const root = this.makeNode(0, count, -1, weights, random);
    const open = new MaxHeap<Node>();
    const closed: Node[] = [];
    const file = (node: Node) => {
      if (node.gain > 0) open.push(node, node.gain);
      else closed.push(node);
    };
    file(root);
    while (open.size > 0 && open.size + closed.length < leaves) {
      for (const child of this.split(open.pop()!, weights, random)) file(child);
    }
    for (let node = open.pop(); node; node = open.pop()) closed.push(node);
    for (const node of closed) this.writeLeaf(node, root);
    return buffer.freeze(this.outputs);
  }

  private makeNode(start: number, count: number, parent: number, weights: Float32Array, random: Random): Node {
    const { outputs, targets, order } = this;
    const sums = new Float64Array(outputs);
    let weight = 0;
    let squares = 0;
    for (let i = start; i < start + count; i++) {
      const row = order[i]!;
      const w = weights[row]!;
      weight += w;
      for (let k = 0; k < outputs; k++) {
        const y = targets[row * outputs + k]!;
        sums[k]! += w * y;
        squares += w * y * y;
      }
    }
    let explained = 0;
    for (const sum of sums) explained += (sum * sum) / weight;
    const node: Node = { start, count, parent, weight, sums, gain: 0, feature: -1, bin: 0, missingLeft: false };
    const pure = squares - explained <= 1e-9 * Math.max(1, squares);
    if (!pure && weight >= 2 * this.options.minRows) this.findSplit(node, explained, weights, random);
    return node;
  }

  private findSplit(node: Node, explained: number, weights: Float32Array, random: Random): void {
    const { features, options } = this;
    let looked = 0;
    // Features that are constant in the node do not count, as in scikit-learn.
    for (let i = 0; i < features.length && looked < options.featuresPerNode; i++) {
      const j = i + random.integer(features.length - i);
      const f = features[j]!;
      features[j] = features[i]!;
      features[i] = f;
      if (this.tryFeature(node, f, explained, weights, random)) looked++;
    }
  }

  /** Scores one feature; false when all rows of the node share one bin. */
  private tryFeature(node: Node, f: number, explained: number, weights: Float32Array, random: Random): boolean {
    const { outputs, order, targets, histogram } = this;
    const column = this.table.columns[f]!;
    const stride = outputs + 1;
    let low = 255;
    let high = 0;
    const end = node.start + node.count;
    for (let i = node.start; i < end; i++) {
      const bin = column[order[i]!]!;
      if (bin < low) low = bin;
      if (bin > high) high = bin;
    }
    if (low === high) return false;
    histogram.fill(0, low * stride, (high + 1) * stride);
    for (let i = node.start; i < end; i++) {
      const row = order[i]!;
      const w = weights[row]!;
      const at = column[row]! * stride;
      for (let k = 0; k < outputs; k++) histogram[at + k]! += w * targets[row * outputs + k]!;
      histogram[at + outputs]! += w;
    }
    if (this.table.features[f]!.kind === 'nominal') this.scanNominal(node, f, low, high, explained, random);
    else this.scanOrdered(node, f, low, high, explained, random);
    return true;
  }

  private scanNominal(node: Node, f: number, low: number, high: number, explained: number, random: Random): void {
    const { outputs, histogram, left, order } = this;
    const stride = outputs + 1;
    const column = this.table.columns[f]!;
    const only = this.options.extraTrees ? column[order[node.start + random.integer(node.count)]!]! : -1;
    for (let b = only >= 0 ? only : low; b <= (only >= 0 ? only : high); b++) {
      const w = histogram[b * stride + outputs]!;
      if (w === 0) continue;
      for (let k = 0; k < outputs; k++) left[k] = node.sums[k]! - histogram[b * stride + k]!;
      this.offer(node, f, b, true, node.weight - w, explained);
    }
  }

  private scanOrdered(node: Node, f: number, low: number, high: number, explained: number, random: Random): void {
    const { outputs, histogram, left } = this;
    const stride = outputs + 1;
    const missing = this.table.features[f]!.bins;
    const hasMissing = high === missing;
    // Without missing rows in the node the last bin has nothing to its right.
    const last = high - 1;
    const only = this.options.extraTrees ? low + random.integer(last - low + 1) : -1;
    for (let pass = 0; pass < (hasMissing ? 2 : 1); pass++) {
      let weight = pass ? histogram[missing * stride + outputs]! : 0;
      for (let k = 0; k < outputs; k++) left[k] = pass ? histogram[missing * stride + k]! : 0;
      for (let b = low; b <= (only >= 0 ? only : last); b++) {
        const w = histogram[b * stride + outputs]!;
        if (w > 0) {
          weight += w;
          for (let k = 0; k < outputs; k++) left[k]! += histogram[b * stride + k]!;
        }
        if (only >= 0 ? b === only : w > 0) {
          this.offer(node, f, b, pass === 1 || (!hasMissing && 2 * weight > node.weight), weight, explained);
        }
      }
    }
  }

  /** Keeps the split whose left sums are in `this.left` when it is the node's best. */
  private offer(node: Node, f: number, bin: number, missingLeft: boolean, leftWeight: number, explained: number): void {
    const rightWeight = node.weight - leftWeight;
    const { minRows } = this.options;
    if (leftWeight < minRows || rightWeight < minRows) return;
    let sum = 0;
    for (let k = 0; k < this.outputs; k++) {
      const l = this.left[k]!;
      const r = node.sums[k]! - l;
      sum += (l * l) / leftWeight + (r * r) / rightWeight;
    }
    const gain = sum - explained;
    if (gain <= node.gain || gain <= 1e-12) return;
    node.gain = gain;
    node.feature = f;
    node.bin = bin;
    node.missingLeft = missingLeft;
  }

  private split(node: Node, weights: Float32Array, random: Random): [Node, Node] {
    const { buffer, goesLeft, table } = this;
    markLeft(goesLeft, table.features[node.feature]!, node.bin, node.missingLeft);
    const column = table.columns[node.feature]!;
    const leftCount = partitionRows(this.order, node.start, node.count, column, goesLeft, this.scratch);
    const at = buffer.nodes++;
    buffer.feature[at] = node.feature;
    buffer.bin[at] = node.bin;
    buffer.missingLeft[at] = node.missingLeft ? 1 : 0;
    this.point(node.parent, at);
    return [
      this.makeNode(node.start, leftCount, 2 * at, weights, random),
      this.makeNode(node.start + leftCount, node.count - leftCount, 2 * at + 1, weights, random),
    ];
  }

  private writeLeaf(node: Node, root: Node): void {
    const { buffer, outputs, options } = this;
    const leaf = buffer.leaves++;
    for (let k = 0; k < outputs; k++) {
      const mean = root.sums[k]! / root.weight;
      buffer.values[leaf * outputs + k] =
        (node.sums[k]! + options.smoothing * mean) / (node.weight + options.smoothing);
    }
    this.point(node.parent, ~leaf);
  }

  private point(parent: number, child: number): void {
    if (parent < 0) return;
    (parent & 1 ? this.buffer.right : this.buffer.left)[parent >> 1] = child;
  }
}
