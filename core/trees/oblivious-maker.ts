/** Rounds of oblivious trees: structure from a sample of rows with noise on the scores, leaf values from all rows. */
import type { Random } from '../math/random.ts';
import { markLeft } from './bin-tree.ts';
import type { BoostOptions, TreeMaker } from './boost.ts';
import { orderLeaves } from './directed-levels.ts';
import type { PlacedTree } from './ensemble.ts';
import { testableFeatures } from './leafwise-maker.ts';
import type { Loss, LossData } from './losses.ts';
import { ObliviousGrower } from './oblivious.ts';
import { expandOblivious, type LevelTest } from './oblivious-tree.ts';
import type { PacedLoop } from './pace.ts';
import { leafQuantile } from './quantile.ts';
import { sampleFeatures, sampleRows } from './sampling.ts';
import { leafValue } from './split.ts';
import { type BinnedTable, isDirected } from './table.ts';

/** Longest refinement step of a leaf value: keeps pure leaves finite. */
const LONGEST_STEP = 4;

export class ObliviousMaker implements TreeMaker {
  private readonly table: BinnedTable;
  private readonly grower: ObliviousGrower;
  private readonly features: Int32Array;
  private readonly data: LossData;
  private readonly weights: Float32Array;
  private readonly loss: Loss;
  private readonly options: BoostOptions;
  private readonly random: Random;
  private readonly loop: PacedLoop;
  private readonly leafIndex: Uint16Array;
  private readonly goesLeft = new Uint8Array(256);
  /** Sum of learning rates so far. */
  private path = 0;

  constructor(table: BinnedTable, data: LossData, loss: Loss, options: BoostOptions, random: Random, loop: PacedLoop) {
    const n = table.rows;
    this.table = table;
    this.grower = new ObliviousGrower(table, loss.outputs, random);
    this.features = testableFeatures(table);
    this.data = data;
    this.weights = data.weights ?? new Float32Array(n).fill(1);
    this.loss = loss;
    this.options = options;
    this.random = random;
    this.loop = loop;
    this.leafIndex = new Uint16Array(n);
  }

  async round(
    scores: Float64Array,
    gradients: Float32Array,
    hessians: Float32Array,
    rate: number,
  ): Promise<PlacedTree[]> {
    const { options, random, loop, loss, table } = this;
    const rows = sampleRows(table.rows, options.bagging, random);
    const features = sampleFeatures(this.features, options.featureFraction, random);
    const noise = options.randomStrength * this.noiseScale(gradients);
    const tests = await this.grower.grow(
      gradients,
      this.weights,
      rows,
      features,
      options.depth || 6,
      options.l2,
      noise,
      random,
      loop,
    );
    this.path += rate;
    this.placeRows(table, tests);
    const values = this.leafValues(1 << tests.length, scores, gradients, hessians);
    if (isDirected(table)) this.order(values, tests);
    for (let i = 0; i < values.length; i++) values[i]! *= rate;
    const { leafIndex } = this;
    const n = table.rows;
    const outputs = loss.outputs;
    for (let k = 0; k < outputs; k++) {
      for (let i = 0; i < n; i++) scores[k * n + i]! += values[leafIndex[i]! * outputs + k]!;
    }
    if (loop.spend(n * (tests.length * 3 + outputs * 10 + options.leafSteps * 20))) await loop.rest();
    return [{ tree: expandOblivious(tests, values, outputs, table.features), target: outputs > 1 ? -1 : 0 }];
  }

  /** Puts leaf values in order along features with a direction; leaves without rows give way to the others. */
  private order(values: Float64Array, tests: readonly LevelTest[]): void {
    const weights = new Float64Array(values.length).fill(1e-6);
    this.leafIndex.forEach((leaf, row) => {
      weights[leaf]! += this.weights[row]!;
    });
    const { features } = this.table;
    orderLeaves(
      values,
      weights,
      tests.map(({ feature }) => features[feature]!.direction ?? 0),
    );
  }

  /** Deviation of the gradients from zero, fading once the model has taken about ln(n) unit steps (CatBoost). */
  private noiseScale(gradients: Float32Array): number {
    const n = this.weights.length;
    let squares = 0;
    for (const g of gradients) squares += g * g;
    const left = Math.exp(Math.min(50, Math.log(n) - this.path));
    return Math.sqrt(squares / n) * (left / (1 + left));
  }

  /** Leaf of every training row, sampled or not. */
  private placeRows(table: BinnedTable, tests: readonly LevelTest[]): void {
    const { leafIndex, goesLeft } = this;
    leafIndex.fill(0);
    tests.forEach((test, level) => {
      markLeft(goesLeft, table.features[test.feature]!, test.bin, test.missingLeft);
      const column = table.columns[test.feature]!;
      for (let i = 0; i < leafIndex.length; i++) leafIndex[i]! |= (1 - goesLeft[column[i]!]!) << level;
    });
  }

  /** Newton steps per leaf and output; `options.leafSteps` of them under the logistic loss. */
  private leafValues(
    leaves: number,
    scores: Float64Array,
    gradients: Float32Array,
    hessians: Float32Array,
  ): Float64Array {
    const { leafIndex, options, data } = this;
    const outputs = this.loss.outputs;
    const n = leafIndex.length;
    const values = new Float64Array(leaves * outputs);
    const sumG = new Float64Array(leaves);
    const sumH = new Float64Array(leaves);
    for (let k = 0; k < outputs; k++) {
      sumG.fill(0);
      sumH.fill(0);
      for (let i = 0; i < n; i++) {
        sumG[leafIndex[i]!]! += gradients[k * n + i]!;
        sumH[leafIndex[i]!]! += hessians[k * n + i]!;
      }
      for (let leaf = 0; leaf < leaves; leaf++)
        values[leaf * outputs + k] = leafValue(sumG[leaf]!, sumH[leaf]!, options);
    }
    if (this.loss.level !== undefined) this.refit(values, scores, this.loss.level);
    if (options.loss !== 'logistic') return values;
    const { targets, weights } = data;
    for (let step = 1; step < options.leafSteps; step++) {
      sumG.fill(0);
      sumH.fill(0);
      for (let i = 0; i < n; i++) {
        const leaf = leafIndex[i]!;
        const p = 1 / (1 + Math.exp(-scores[i]! - values[leaf]!));
        const w = weights ? weights[i]! : 1;
        sumG[leaf]! += w * (p - targets[i]!);
        sumH[leaf]! += w * p * (1 - p);
      }
      for (let leaf = 0; leaf < leaves; leaf++) {
        const move = leafValue(sumG[leaf]!, sumH[leaf]!, options);
        values[leaf]! += Math.max(-LONGEST_STEP, Math.min(LONGEST_STEP, move));
      }
    }
    return values;
  }
  /** Puts the quantile of its rows' residuals into each leaf. */
  private refit(values: Float64Array, scores: Float64Array, level: number): void {
    const { leafIndex } = this;
    const { targets, weights } = this.data;
    const residuals: number[][] = Array.from(values, () => []);
    const shares: number[][] = Array.from(values, () => []);
    leafIndex.forEach((leaf, row) => {
      residuals[leaf]!.push(targets[row]! - scores[row]!);
      if (weights) shares[leaf]!.push(weights[row]!);
    });
    residuals.forEach((own, leaf) => {
      if (own.length === 0) return;
      values[leaf] = leafQuantile(Float64Array.from(own), level, weights && Float64Array.from(shares[leaf]!));
    });
  }
}
