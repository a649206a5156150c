/** Random forests and extra trees: independent trees, averaged. */
import { Random } from '../math/random.ts';
import { joinTrees, type PlacedTree, type TreeEnsemble } from './ensemble.ts';
import { ForestGrower, type ForestTreeOptions } from './forest-grower.ts';
import { testableFeatures } from './leafwise-maker.ts';
import { type Pace, PacedLoop } from './pace.ts';
import type { BinnedTable } from './table.ts';

export interface ForestOptions extends Omit<ForestTreeOptions, 'featuresPerNode'> {
  readonly trees: number;
  /** Share of features a node looks at; 0 for the square root of their number. */
  readonly featureFraction: number;
  /** Draw rows with replacement for each tree; otherwise every tree sees all rows. */
  readonly bootstrap: boolean;
  readonly seed: number;
  /** Trees that a recorded run came to, grown again whatever the clock says. */
  readonly planned?: number | undefined;
}

/**
 * @param targets row-major [rows, outputs]: class indicators or values
 * @returns an ensemble whose scores are the mean of the trees; fewer trees when time runs short (at least one)
 */
export async function growForest(
  table: BinnedTable,
  targets: Float32Array,
  outputs: number,
  weights: Float32Array | undefined,
  options: ForestOptions,
  pace: Pace,
): Promise<TreeEnsemble> {
  const n = table.rows;
  const loop = new PacedLoop(pace);
  const random = new Random(options.seed);
  const features = testableFeatures(table);
  const share = options.featureFraction > 0 ? options.featureFraction * features.length : Math.sqrt(features.length);
  const featuresPerNode = Math.max(1, Math.round(share));
  const grower = new ForestGrower(table, targets, outputs, features, { ...options, featuresPerNode });
  const rowWeights = new Float32Array(n);
  const trees: PlacedTree[] = [];
  const start = loop.secondsLeft();
  while (trees.length < (options.planned ?? options.trees)) {
    if (options.bootstrap) {
      rowWeights.fill(0);
      for (let i = 0; i < n; i++) rowWeights[random.integer(n)]!++;
      if (weights) for (let i = 0; i < n; i++) rowWeights[i]! *= weights[i]!;
    } else if (weights) rowWeights.set(weights);
    else rowWeights.fill(1);
    const tree = grower.grow(rowWeights, random);
    trees.push({ tree, target: outputs > 1 ? -1 : 0 });
    const depth = Math.log2(tree.leaves + 1) + 1;
    loop.grown(trees.length, options.trees);
    if (loop.spend(n * depth * featuresPerNode * (6 + 2 * outputs))) await loop.rest();
    if (options.planned !== undefined) continue;
    const left = loop.secondsLeft();
    if (left < (1.5 * (start - left)) / trees.length) break;
  }
  for (const { tree } of trees) for (let i = 0; i < tree.values.length; i++) tree.values[i]! /= trees.length;
  return joinTrees(trees, table.features, new Float64Array(outputs));
}
