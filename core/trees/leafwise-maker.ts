/** Rounds of leaf-wise trees: one tree per output, on a sample of rows and features. */
import type { Random } from '../math/random.ts';
import { addTreeScores, type BinTree } from './bin-tree.ts';
import type { BoostOptions, TreeMaker } from './boost.ts';
import { within } from './directed-split.ts';
import type { PlacedTree } from './ensemble.ts';
import { LeafwiseGrower } from './leafwise.ts';
import type { Loss, LossData } from './losses.ts';
import type { PacedLoop } from './pace.ts';
import { leafQuantile } from './quantile.ts';
import { rowsLeftOut, sampleFeatures, sampleRows } from './sampling.ts';
import type { BinnedTable } from './table.ts';

/** Features with more than one bin, missing values counted as one. */
export function testableFeatures(table: BinnedTable): Int32Array {
  const all = Array.from(table.features.keys());
  return Int32Array.from(
    all.filter((f) => {
      const column = table.columns[f]!;
      const first = column[0];
      return column.some((bin) => bin !== first);
    }),
  );
}

export class LeafwiseMaker implements TreeMaker {
  private readonly table: BinnedTable;
  private readonly grower: LeafwiseGrower;
  private readonly features: Int32Array;
  private readonly data: LossData;
  private readonly loss: Loss;
  private readonly options: BoostOptions;
  private readonly random: Random;
  private readonly loop: PacedLoop;

  constructor(table: BinnedTable, data: LossData, loss: Loss, options: BoostOptions, random: Random, loop: PacedLoop) {
    this.table = table;
    this.grower = new LeafwiseGrower(table, options);
    this.features = testableFeatures(table);
    this.data = data;
    this.loss = loss;
    this.options = options;
    this.random = random;
    this.loop = loop;
  }

  async round(
    scores: Float64Array,
    gradients: Float32Array,
    hessians: Float32Array,
    rate: number,
  ): Promise<PlacedTree[]> {
    const { options, random, loop, table, grower } = this;
    const n = table.rows;
    const rows = sampleRows(n, options.bagging, random);
    const leftOut = rows && rowsLeftOut(n, rows);
    const placed: PlacedTree[] = [];
    for (let k = 0; k < this.loss.outputs; k++) {
      const g = gradients.subarray(k * n, (k + 1) * n);
      const h = hessians.subarray(k * n, (k + 1) * n);
      const features = sampleFeatures(this.features, options.featureFraction, random);
      await grower.grow(g, h, rows, features, random, loop);
      const tree = grower.tree.freeze();
      if (this.loss.level !== undefined) this.refit(tree, scores, this.loss.level);
      for (let leaf = 0; leaf < tree.leaves; leaf++) tree.values[leaf]! *= rate;
      const own = scores.subarray(k * n, (k + 1) * n);
      for (let leaf = 0; leaf < tree.leaves; leaf++) {
        const value = tree.values[leaf]!;
        const end = grower.leafStart[leaf]! + grower.leafCount[leaf]!;
        for (let i = grower.leafStart[leaf]!; i < end; i++) own[grower.order[i]!]! += value;
      }
      if (leftOut) addTreeScores(tree, table, own, leftOut);
      placed.push({ tree, target: k });
    }
    return placed;
  }

  /** Puts the quantile of its rows' residuals into each leaf. */
  private refit(tree: BinTree, scores: Float64Array, level: number): void {
    const { grower } = this;
    const { leafStart, leafCount, order } = grower;
    const { targets, weights } = this.data;
    for (let leaf = 0; leaf < tree.leaves; leaf++) {
      const rows = order.subarray(leafStart[leaf]!, leafStart[leaf]! + leafCount[leaf]!);
      if (rows.length === 0) continue;
      const residuals = Float64Array.from(rows, (row) => targets[row]! - scores[row]!);
      const shares = weights && Float64Array.from(rows, (row) => weights[row]!);
      tree.values[leaf] = within(leafQuantile(residuals, level, shares), grower.boundsOf(leaf));
    }
  }
}
