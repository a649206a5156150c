/**
 * Grows one tree leaf by leaf (best gain first) on gradients and hessians. The smaller child's histogram is summed
 * from its rows, the larger one's is parent minus child; rows live in one list, partitioned in place.
 */
import type { Random } from '../math/random.ts';
import { markLeft, TreeBuffer } from './bin-tree.ts';
import { boundedValue, boundsBelow, scanDirected, unbounded, type ValueBounds } from './directed-split.ts';
import { addAllRows, addIndexedRows, subtractHistogram } from './histogram.ts';
import { HistogramPool } from './histogram-pool.ts';
import type { PacedLoop } from './pace.ts';
import { partitionRows } from './partition.ts';
import { type NodeSums, Split, type SplitRules, scanNominal, scanOrdered } from './split.ts';
import { type BinnedTable, isDirected } from './table.ts';

export interface LeafwiseOptions extends SplitRules {
  /** Most leaves of a tree, at least 2. */
  readonly leaves: number;
  /** Most tests on a path; 0 for no limit. */
  readonly depth: number;
  /** Score one random threshold per feature and node (extremely randomised trees). */
  readonly extraTrees: boolean;
}

/** A leaf that may still be split. */
class OpenLeaf {
  readonly index: number;
  start = 0;
  count = 0;
  depth = 0;
  gradient = 0;
  hessian = 0;
  bounds = unbounded;
  /** Where the parent points at this leaf: node * 2 + (1 if right), -1 for the root. */
  parent = -1;
  histogram: Float64Array | undefined;
  /** 0 where the feature could not split an ancestor. */
  usable = new Uint8Array(0);
  readonly split = new Split();

  constructor(index: number) {
    this.index = index;
  }
}

export class LeafwiseGrower {
  /** The last tree grown; values are Newton steps, not yet scaled by a learning rate. */
  readonly tree: TreeBuffer;
  /** Rows of the last tree, leaf after leaf. */
  readonly order: Int32Array;
  readonly leafStart: Int32Array;
  readonly leafCount: Int32Array;
  private readonly table: BinnedTable;
  private readonly options: LeafwiseOptions;
  private readonly hasMissing: Uint8Array;
  private readonly directed: boolean;
  private readonly scratch: Int32Array;
  private readonly gathered: Float32Array;
  private readonly gatheredHessians: Float32Array;
  private readonly goesLeft = new Uint8Array(256);
  private readonly pool = new HistogramPool();
  private readonly open: OpenLeaf[];
  private features: Int32Array = new Int32Array(0);
  private columns: Uint8Array[] = [];
  private offsets: Int32Array = new Int32Array(0);
  private cells = 0;

  constructor(table: BinnedTable, options: LeafwiseOptions) {
    this.table = table;
    this.options = options;
    this.directed = isDirected(table);
    this.tree = new TreeBuffer(options.leaves);
    this.order = new Int32Array(table.rows);
    this.leafStart = new Int32Array(options.leaves);
    this.leafCount = new Int32Array(options.leaves);
    this.scratch = new Int32Array(table.rows);
    this.gathered = new Float32Array(table.rows);
    this.gatheredHessians = new Float32Array(table.rows);
    this.open = Array.from({ length: options.leaves }, (_, i) => new OpenLeaf(i));
    this.hasMissing = Uint8Array.from(table.features, (feature, f) =>
      feature.kind === 'ordered' && table.columns[f]!.includes(feature.bins) ? 1 : 0,
    );
  }

  /**
   * @param rows ascending rows to grow on, or undefined for all
   * @param features indices of the features that may be tested
   */
  async grow(
    gradients: Float32Array,
    hessians: Float32Array,
    rows: Int32Array | undefined,
    features: Int32Array,
    random: Random,
    loop: PacedLoop,
  ): Promise<void> {
    const { order, tree, options } = this;
    this.selectFeatures(features);
    const count = rows ? rows.length : this.table.rows;
    if (rows) order.set(rows);
    else for (let i = 0; i < count; i++) order[i] = i;
    const root = this.open[0]!;
    root.start = 0;
    root.count = count;
    root.depth = 0;
    root.parent = -1;
    root.gradient = 0;
    root.hessian = 0;
    root.bounds = unbounded;
    for (let i = 0; i < count; i++) {
      root.gradient += gradients[order[i]!]!;
      root.hessian += hessians[order[i]!]!;
    }
    root.usable = new Uint8Array(features.length).fill(1);
    root.split.reset();
    root.histogram = undefined;
    tree.nodes = 0;
    tree.leaves = 1;
    if (this.mayEvaluate(root)) {
      const histogram = this.pool.take()!;
      histogram.fill(0, 0, this.cells);
      if (rows) {
        this.sumRows(root, histogram, gradients, hessians);
      } else addAllRows(this.columns, this.offsets, count, gradients, hessians, histogram);
      root.histogram = histogram;
      if (loop.spend(count * features.length * 2.5)) await loop.rest();
      this.evaluate(root, random);
    }
    while (tree.leaves < options.leaves) {
      let best = 0;
      for (let i = 1; i < tree.leaves; i++) if (this.open[i]!.split.gain > this.open[best]!.split.gain) best = i;
      const leaf = this.open[best]!;
      if (!(leaf.split.gain > 0)) break;
      const work = this.splitLeaf(leaf, gradients, hessians, random);
      if (loop.spend(work)) await loop.rest();
    }
    this.finish();
  }

  private selectFeatures(features: Int32Array): void {
    this.features = features;
    this.columns = Array.from(features, (f) => this.table.columns[f]!);
    this.offsets = new Int32Array(features.length);
    this.cells = 0;
    for (let i = 0; i < features.length; i++) {
      this.offsets[i] = this.cells;
      this.cells += 2 * (this.table.features[features[i]!]!.bins + 1);
    }
    this.pool.resize(this.cells);
  }

  private mayEvaluate(leaf: OpenLeaf): boolean {
    const { depth, minRows } = this.options;
    return leaf.count >= 2 * minRows && leaf.count >= 2 && (depth === 0 || leaf.depth < depth);
  }

  private sumRows(leaf: OpenLeaf, histogram: Float64Array, gradients: Float32Array, hessians: Float32Array): void {
    const { order, gathered, gatheredHessians } = this;
    for (let i = 0; i < leaf.count; i++) {
      const row = order[leaf.start + i]!;
      gathered[i] = gradients[row]!;
      gatheredHessians[i] = hessians[row]!;
    }
    addIndexedRows(this.columns, this.offsets, order, leaf.start, leaf.count, gathered, gatheredHessians, histogram);
  }

  /** Splits `leaf` by its best split; the left child takes its place. Returns work units. */
  private splitLeaf(leaf: OpenLeaf, gradients: Float32Array, hessians: Float32Array, random: Random): number {
    const { tree, table, goesLeft } = this;
    const { split } = leaf;
    const feature = table.features[split.feature]!;
    markLeft(goesLeft, feature, split.bin, split.missingLeft);
    const column = table.columns[split.feature]!;
    const leftCount = partitionRows(this.order, leaf.start, leaf.count, column, goesLeft, this.scratch);
    let work = leaf.count * 8;
    if (leftCount === 0 || leftCount === leaf.count) {
      // Row counts are estimates from hessians; a split that separates nothing is dropped.
      this.close(leaf);
      return work;
    }
    const node = tree.nodes++;
    tree.feature[node] = split.feature;
    tree.bin[node] = split.bin;
    tree.missingLeft[node] = split.missingLeft ? 1 : 0;
    const right = this.open[tree.leaves]!;
    if (leaf.parent >= 0) (leaf.parent & 1 ? tree.right : tree.left)[leaf.parent >> 1] = node;
    tree.left[node] = ~leaf.index;
    tree.right[node] = ~tree.leaves;
    tree.leaves++;
    right.parent = node * 2 + 1;
    right.start = leaf.start + leftCount;
    right.count = leaf.count - leftCount;
    right.gradient = leaf.gradient - split.leftGradient;
    right.hessian = Math.max(0, leaf.hessian - split.leftHessian);
    right.depth = leaf.depth + 1;
    [leaf.bounds, right.bounds] = this.boundsOfChildren(leaf, feature.direction ?? 0, right);
    right.histogram = undefined;
    leaf.parent = node * 2;
    leaf.count = leftCount;
    leaf.gradient = split.leftGradient;
    leaf.hessian = split.leftHessian;
    leaf.depth++;
    right.split.reset();
    split.reset();
    if (tree.leaves < this.options.leaves) work += this.evaluateChildren(leaf, right, gradients, hessians, random);
    if (leaf.split.feature < 0) this.close(leaf);
    if (right.split.feature < 0) this.close(right);
    return work;
  }

  /** @param leaf still with its own sums, whose best split is about to be made */
  private boundsOfChildren(leaf: OpenLeaf, direction: number, right: OpenLeaf): readonly [ValueBounds, ValueBounds] {
    const { leftGradient, leftHessian } = leaf.split;
    const left = boundedValue(leftGradient, leftHessian, leaf.bounds, this.options);
    const other = boundedValue(right.gradient, right.hessian, leaf.bounds, this.options);
    return boundsBelow(leaf.bounds, direction, left, other);
  }

  /** What the values of a leaf of the last tree lie between. */
  boundsOf(leaf: number): ValueBounds {
    return this.open[leaf]!.bounds;
  }

  /** Histograms and best splits of two fresh children; `left` still owns the parent's histogram. */
  private evaluateChildren(
    left: OpenLeaf,
    right: OpenLeaf,
    gradients: Float32Array,
    hessians: Float32Array,
    random: Random,
  ): number {
    const leftGoes = this.mayEvaluate(left);
    const rightGoes = this.mayEvaluate(right);
    if (!leftGoes && !rightGoes) return 0;
    right.usable = left.usable.slice();
    const [small, large] = left.count <= right.count ? [left, right] : [right, left];
    const parent = left.histogram;
    left.histogram = undefined;
    let work = 0;
    const sum = (leaf: OpenLeaf) => {
      const histogram = this.takeHistogram();
      histogram.fill(0, 0, this.cells);
      this.sumRows(leaf, histogram, gradients, hessians);
      work += leaf.count * this.columns.length * 3;
      return histogram;
    };
    small.histogram = sum(small);
    if (parent) {
      subtractHistogram(parent, small.histogram, this.cells);
      large.histogram = parent;
    } else large.histogram = sum(large);
    for (const leaf of [left, right]) {
      if (this.mayEvaluate(leaf)) this.evaluate(leaf, random);
      work += this.cells * 3;
    }
    return work;
  }

  /** A histogram from the pool; when memory is short, from the open leaf that is least likely to be split soon. */
  private takeHistogram(): Float64Array {
    const histogram = this.pool.take();
    if (histogram) return histogram;
    let victim: OpenLeaf | undefined;
    for (let i = 0; i < this.tree.leaves; i++) {
      const leaf = this.open[i]!;
      if (leaf.histogram && leaf.split.feature >= 0 && (!victim || leaf.split.gain < victim.split.gain)) victim = leaf;
    }
    const taken = victim?.histogram;
    if (!victim || !taken) return new Float64Array(this.cells);
    victim.histogram = undefined;
    return taken;
  }

  private evaluate(leaf: OpenLeaf, random: Random): void {
    const { options, table, features, offsets, hasMissing, directed } = this;
    const sums: NodeSums = { gradient: leaf.gradient, hessian: leaf.hessian, rows: leaf.count };
    const histogram = leaf.histogram!;
    for (let i = 0; i < features.length; i++) {
      if (leaf.usable[i] === 0) continue;
      const f = features[i]!;
      const feature = table.features[f]!;
      const missing = hasMissing[f] === 1;
      let only = -1;
      if (options.extraTrees) {
        const choices = feature.kind === 'nominal' || missing ? feature.bins : feature.bins - 1;
        if (choices <= 0) continue;
        only = random.integer(choices);
      }
      const found = directed
        ? scanDirected(histogram, offsets[i]!, feature, missing, sums, leaf.bounds, options, f, only, leaf.split)
        : feature.kind === 'nominal'
          ? scanNominal(histogram, offsets[i]!, feature.bins, sums, options, f, only, leaf.split)
          : scanOrdered(histogram, offsets[i]!, feature.bins, missing, sums, options, f, only, leaf.split);
      // A test that is out of order here may be in order further down.
      if (!found && !options.extraTrees && !directed) leaf.usable[i] = 0;
    }
  }

  private close(leaf: OpenLeaf): void {
    leaf.split.reset();
    if (leaf.histogram) this.pool.give(leaf.histogram);
    leaf.histogram = undefined;
  }

  private finish(): void {
    const { tree, options } = this;
    for (let i = 0; i < tree.leaves; i++) {
      const leaf = this.open[i]!;
      this.close(leaf);
      tree.values[i] = boundedValue(leaf.gradient, leaf.hessian, leaf.bounds, options);
      this.leafStart[i] = leaf.start;
      this.leafCount[i] = leaf.count;
    }
  }
}
