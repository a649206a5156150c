/**
 * Rounds of one leaf-wise tree for all classes. Its tests are those of a tree on one random direction of the gradients
 * (Iosipoi and Vakhrushev 2022, SketchBoost, with one dimension), so that finding them costs the same for two classes as
 * for hundreds; its leaves hold a Newton step for each class.
 */
import type { Random } from '../math/random.ts';
import { addTreeScores, type BinTree } from './bin-tree.ts';
import type { BoostOptions, TreeMaker } from './boost.ts';
import type { PlacedTree } from './ensemble.ts';
import { LeafwiseGrower } from './leafwise.ts';
import { testableFeatures } from './leafwise-maker.ts';
import type { PacedLoop } from './pace.ts';
import { rowsLeftOut, sampleFeatures, sampleRows } from './sampling.ts';
import { leafValue } from './split.ts';
import type { BinnedTable } from './table.ts';

export class SharedMaker implements TreeMaker {
  private readonly table: BinnedTable;
  private readonly grower: LeafwiseGrower;
  private readonly features: Int32Array;
  private readonly outputs: number;
  private readonly options: BoostOptions;
  private readonly random: Random;
  private readonly loop: PacedLoop;
  private readonly gradient: Float32Array;
  private readonly hessian: Float32Array;

  constructor(table: BinnedTable, outputs: number, options: BoostOptions, random: Random, loop: PacedLoop) {
    this.table = table;
    this.grower = new LeafwiseGrower(table, options);
    this.features = testableFeatures(table);
    this.outputs = outputs;
    this.options = options;
    this.random = random;
    this.loop = loop;
    this.gradient = new Float32Array(table.rows);
    this.hessian = new Float32Array(table.rows);
  }

  async round(
    scores: Float64Array,
    gradients: Float32Array,
    hessians: Float32Array,
    rate: number,
  ): Promise<PlacedTree[]> {
    const { options, random, loop, table, grower, outputs } = this;
    const n = table.rows;
    const rows = sampleRows(n, options.bagging, random);
    const features = sampleFeatures(this.features, options.featureFraction, random);
    this.project(gradients, hessians);
    if (loop.spend(n * outputs * 2)) await loop.rest();
    await grower.grow(this.gradient, this.hessian, rows, features, random, loop);
    const frozen = grower.tree.freeze();
    const tree: BinTree = { ...frozen, values: this.leafValues(frozen.leaves, gradients, hessians, rate) };
    for (let leaf = 0; leaf < tree.leaves; leaf++) {
      const end = grower.leafStart[leaf]! + grower.leafCount[leaf]!;
      for (let k = 0; k < outputs; k++) {
        const value = tree.values[leaf * outputs + k]!;
        for (let i = grower.leafStart[leaf]!; i < end; i++) scores[k * n + grower.order[i]!]! += value;
      }
    }
    if (rows) addTreeScores(tree, table, scores, rowsLeftOut(n, rows));
    if (loop.spend(n * outputs * 6)) await loop.rest();
    return [{ tree, target: -1 }];
  }

  /** Derivatives along a direction drawn anew. */
  private project(gradients: Float32Array, hessians: Float32Array): void {
    const { gradient, hessian } = this;
    const n = this.table.rows;
    gradient.fill(0);
    hessian.fill(0);
    for (let k = 0; k < this.outputs; k++) {
      const r = this.random.normal();
      const at = k * n;
      for (let i = 0; i < n; i++) {
        gradient[i]! += r * gradients[at + i]!;
        hessian[i]! += r * r * hessians[at + i]!;
      }
    }
  }

  private leafValues(leaves: number, gradients: Float32Array, hessians: Float32Array, rate: number): Float64Array {
    const { grower, outputs, options } = this;
    const n = this.table.rows;
    const values = new Float64Array(leaves * outputs);
    for (let leaf = 0; leaf < leaves; leaf++) {
      const start = grower.leafStart[leaf]!;
      const end = start + grower.leafCount[leaf]!;
      for (let k = 0; k < outputs; k++) {
        let g = 0;
        let h = 0;
        for (let i = start; i < end; i++) {
          const at = k * n + grower.order[i]!;
          g += gradients[at]!;
          h += hessians[at]!;
        }
        values[leaf * outputs + k] = rate * leafValue(g, h, options);
      }
    }
    return values;
  }
}
