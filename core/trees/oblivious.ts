/**
 * Finds the tests of one oblivious tree, level by level. Rows are kept in one list, leaf after leaf; each level sums
 * the smaller child of every leaf and gets the larger one by subtraction.
 */
import type { Random } from '../math/random.ts';
import { markLeft } from './bin-tree.ts';
import { addDirectedLeaf } from './directed-levels.ts';
import { addIndexedRows, addMultiRows, subtractHistogram } from './histogram.ts';
import { addMultiLeaf, addNominalLeaf, addOrderedLeaf, LevelScores } from './oblivious-scan.ts';
import type { LevelTest } from './oblivious-tree.ts';
import type { PacedLoop } from './pace.ts';
import { partitionRows } from './partition.ts';
import type { BinnedTable } from './table.ts';

interface Leaf {
  start: number;
  count: number;
  weight: number;
  gradients: Float64Array;
  histogram: Float64Array | undefined;
}

const NOISE = 1 << 14;

export class ObliviousGrower {
  private readonly table: BinnedTable;
  private readonly outputs: number;
  private readonly order: Int32Array;
  private readonly scratch: Int32Array;
  private readonly gathered: Float32Array;
  private readonly gatheredWeights: Float32Array;
  private readonly goesLeft = new Uint8Array(256);
  private readonly hasMissing: Uint8Array;
  private readonly scores = new LevelScores();
  private readonly noise: Float64Array;
  private readonly spare: Float64Array[] = [];
  private columns: Uint8Array[] = [];
  private offsets: Int32Array = new Int32Array(0);
  private cells = 0;

  constructor(table: BinnedTable, outputs: number, random: Random) {
    this.table = table;
    this.outputs = outputs;
    this.order = new Int32Array(table.rows);
    this.scratch = new Int32Array(table.rows);
    this.gathered = new Float32Array(table.rows * outputs);
    this.gatheredWeights = new Float32Array(table.rows);
    this.hasMissing = Uint8Array.from(table.features, (feature, f) =>
      feature.kind === 'ordered' && table.columns[f]!.includes(feature.bins) ? 1 : 0,
    );
    this.noise = Float64Array.from({ length: NOISE }, () => random.normal());
  }

  /**
   * @param gradients output after output, `table.rows` each
   * @param weights row weights
   * @param rows rows to look at, or undefined for all
   * @param noise deviation of the normal noise added to every candidate's score
   * @returns at most `depth` tests; fewer when no further test parts any rows
   */
  async grow(
    gradients: Float32Array,
    weights: Float32Array,
    rows: Int32Array | undefined,
    features: Int32Array,
    depth: number,
    l2: number,
    noise: number,
    random: Random,
    loop: PacedLoop,
  ): Promise<LevelTest[]> {
    this.selectFeatures(features);
    const count = rows ? rows.length : this.table.rows;
    if (rows) this.order.set(rows);
    else for (let i = 0; i < count; i++) this.order[i] = i;
    let leaves: Leaf[] = [this.newLeaf(0, count)];
    this.sumLeaf(leaves[0]!, gradients, weights);
    if (loop.spend(count * features.length * 3 * this.outputs)) await loop.rest();
    const tests: LevelTest[] = [];
    for (let level = 0; level < depth; level++) {
      const test = this.bestTest(leaves, features, l2, noise, random);
      if (loop.spend(leaves.length * this.cells * 3)) await loop.rest();
      if (!test) break;
      tests.push(test);
      leaves = this.splitLevel(leaves, test, gradients, weights, level + 1 < depth);
      if (loop.spend(count * (8 + 1.5 * features.length * this.outputs))) await loop.rest();
    }
    for (const leaf of leaves) this.release(leaf);
    return tests;
  }

  private selectFeatures(features: Int32Array): void {
    this.columns = Array.from(features, (f) => this.table.columns[f]!);
    this.offsets = new Int32Array(features.length);
    let cells = 0;
    for (let i = 0; i < features.length; i++) {
      this.offsets[i] = cells;
      cells += (this.outputs + 1) * (this.table.features[features[i]!]!.bins + 1);
    }
    if (cells > (this.spare[0]?.length ?? 0)) this.spare.length = 0;
    this.cells = cells;
  }

  private newLeaf(start: number, count: number): Leaf {
    return { start, count, weight: 0, gradients: new Float64Array(this.outputs), histogram: undefined };
  }

  private release(leaf: Leaf): void {
    if (leaf.histogram && leaf.histogram.length >= this.cells) this.spare.push(leaf.histogram);
    leaf.histogram = undefined;
  }

  /** Sums a leaf and its histogram from its rows. */
  private sumLeaf(leaf: Leaf, gradients: Float32Array, weights: Float32Array): void {
    const { order, gathered, gatheredWeights, outputs } = this;
    const n = this.table.rows;
    const histogram = this.spare.pop() ?? new Float64Array(this.cells);
    histogram.fill(0, 0, this.cells);
    for (let i = 0; i < leaf.count; i++) {
      const row = order[leaf.start + i]!;
      gatheredWeights[i] = weights[row]!;
      leaf.weight += weights[row]!;
      for (let k = 0; k < outputs; k++) {
        const g = gradients[k * n + row]!;
        gathered[i * outputs + k] = g;
        leaf.gradients[k]! += g;
      }
    }
    if (outputs === 1) {
      addIndexedRows(this.columns, this.offsets, order, leaf.start, leaf.count, gathered, gatheredWeights, histogram);
    } else {
      addMultiRows(
        this.columns,
        this.offsets,
        order,
        leaf.start,
        leaf.count,
        gathered,
        gatheredWeights,
        outputs,
        histogram,
      );
    }
    leaf.histogram = histogram;
  }

  private bestTest(
    leaves: readonly Leaf[],
    features: Int32Array,
    l2: number,
    noise: number,
    random: Random,
  ): LevelTest | undefined {
    const { table, scores, hasMissing, outputs } = this;
    const current = currentScore(leaves, l2);
    let best = -Infinity;
    let chosen: LevelTest | undefined;
    for (let i = 0; i < features.length; i++) {
      const f = features[i]!;
      const { bins, kind, direction } = table.features[f]!;
      const missing = hasMissing[f] === 1;
      scores.reset(bins);
      for (const leaf of leaves) {
        if (leaf.count === 0) continue;
        const h = leaf.histogram!;
        const at = this.offsets[i]!;
        if (direction !== undefined) {
          addDirectedLeaf(h, at, bins, missing, direction, leaf.gradients[0]!, leaf.weight, l2, scores);
        } else if (outputs > 1) {
          addMultiLeaf(h, at, bins, kind === 'nominal', missing, leaf.gradients, leaf.weight, l2, scores);
        } else if (kind === 'nominal') addNominalLeaf(h, at, bins, leaf.gradients[0]!, leaf.weight, l2, scores);
        else addOrderedLeaf(h, at, bins, missing, leaf.gradients[0]!, leaf.weight, l2, scores);
      }
      const last = kind === 'nominal' || missing ? bins : bins - 1;
      let draw = random.integer(NOISE);
      for (let b = 0; b < last; b++) {
        const plain = scores.up[b]! / Math.sqrt(scores.down[b]! + 1e-100);
        draw = (draw + 1) & (NOISE - 1);
        const noisy = noise * this.noise[draw]!;
        if (plain + noisy > best && plain > current + 1e-9) {
          best = plain + noisy;
          chosen = { feature: f, bin: b, missingLeft: !missing && this.mostlyLeft(leaves, this.offsets[i]!, b) };
        }
        if (!missing || b === bins - 1) continue;
        const other = scores.upMissingLeft[b]! / Math.sqrt(scores.downMissingLeft[b]! + 1e-100);
        if (other + noisy > best && other > current + 1e-9) {
          best = other + noisy;
          chosen = { feature: f, bin: b, missingLeft: true };
        }
      }
    }
    return chosen;
  }

  /** Whether more than half of the weight lies in bins <= `bin`. */
  private mostlyLeft(leaves: readonly Leaf[], offset: number, bin: number): boolean {
    const stride = this.outputs + 1;
    let left = 0;
    let all = 0;
    for (const leaf of leaves) {
      all += leaf.weight;
      if (leaf.count === 0) continue;
      for (let b = 0; b <= bin; b++) left += leaf.histogram![offset + b * stride + this.outputs]!;
    }
    return 2 * left > all;
  }

  private splitLevel(
    leaves: readonly Leaf[],
    test: LevelTest,
    gradients: Float32Array,
    weights: Float32Array,
    more: boolean,
  ): Leaf[] {
    const { table, goesLeft } = this;
    markLeft(goesLeft, table.features[test.feature]!, test.bin, test.missingLeft);
    const column = table.columns[test.feature]!;
    const children: Leaf[] = [];
    for (const leaf of leaves) {
      const leftCount = partitionRows(this.order, leaf.start, leaf.count, column, goesLeft, this.scratch);
      const left = this.newLeaf(leaf.start, leftCount);
      const right = this.newLeaf(leaf.start + leftCount, leaf.count - leftCount);
      children.push(left, right);
      if (!more || leaf.count === 0) {
        this.release(leaf);
        continue;
      }
      const [small, large] = left.count <= right.count ? [left, right] : [right, left];
      large.histogram = leaf.histogram!;
      leaf.histogram = undefined;
      large.gradients.set(leaf.gradients);
      large.weight = leaf.weight;
      if (small.count === 0) continue;
      this.sumLeaf(small, gradients, weights);
      subtractHistogram(large.histogram, small.histogram!, this.cells);
      large.weight -= small.weight;
      for (let k = 0; k < this.outputs; k++) large.gradients[k]! -= small.gradients[k]!;
    }
    return children;
  }
}

/** The score of not splitting at all. */
function currentScore(leaves: readonly Leaf[], l2: number): number {
  let up = 0;
  let down = 0;
  for (const leaf of leaves) {
    for (const g of leaf.gradients) {
      const a = g / (leaf.weight + l2);
      up += a * g;
      down += a * a * leaf.weight;
    }
  }
  return down > 0 ? up / Math.sqrt(down) : 0;
}
