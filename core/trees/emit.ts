/** Writes ensembles as one TreeEnsembleRegressor, one target per ensemble and output. Only BRANCH_LEQ tests. */
import type { GraphBuilder } from '../onnx/builder.ts';
import type { TreeEnsemble } from './ensemble.ts';

/** Where a test finds its number in the float32 matrix that the trees read. */
export interface EmittedColumns {
  /** Column of an ordered feature of ensemble `e`. */
  ordered(e: number, feature: number): number;
  /** Column that is 1 where a nominal feature of ensemble `e` has `code`, else 0. */
  indicator(e: number, feature: number, code: number): number;
}

/** Tests of an ensemble, for callers that build only the columns that are read. */
export function forEachTest(ensemble: TreeEnsemble, visit: (feature: number, threshold: number) => void): void {
  const { feature, threshold } = ensemble;
  for (let node = 0; node < feature.length; node++) if (feature[node]! >= 0) visit(feature[node]!, threshold[node]!);
}

/**
 * Adds the ensembles to `graph`.
 * @param matrix name of a float32 tensor [N, columns]
 * @returns name of a float32 tensor [N, sum of outputs]: scores, ensemble after ensemble
 */
export function emitEnsembles(
  graph: GraphBuilder,
  ensembles: readonly TreeEnsemble[],
  matrix: string,
  columns: EmittedColumns,
): string {
  const base: number[] = [];
  const lists = new NodeLists();
  ensembles.forEach((ensemble, e) => {
    const first = base.length;
    base.push(...ensemble.base);
    for (let t = 0; t < ensemble.targets.length; t++) {
      const root = ensemble.starts[t]!;
      const target = ensemble.targets[t]!;
      if (ensemble.feature[root]! >= 0) {
        lists.addTree(ensemble, e, t, first, columns);
        continue;
      }
      // A tree without tests is a constant.
      const value = ensemble.left[root]!;
      if (target >= 0) base[first + target]! += ensemble.values[value]!;
      else for (let k = 0; k < ensemble.outputs; k++) base[first + k]! += ensemble.values[value + k]!;
    }
  });
  const start = graph.float32(base, [1, base.length]);
  if (lists.trees === 0) {
    const rows = graph.node('Shape', [matrix], { start: 0, end: 1 });
    const shape = graph.node('Concat', [rows, graph.int64([base.length])], { axis: 0 });
    return graph.node('Expand', [start, shape]);
  }
  const sums = graph.node('TreeEnsembleRegressor', [matrix], lists.attributes(base.length), { domain: 'ai.onnx.ml' });
  return graph.node('Add', [sums, start]);
}

class NodeLists {
  trees = 0;
  private readonly treeIds: number[] = [];
  private readonly nodeIds: number[] = [];
  private readonly featureIds: number[] = [];
  private readonly values: number[] = [];
  private readonly modes: string[] = [];
  private readonly whenTrue: number[] = [];
  private readonly whenFalse: number[] = [];
  private readonly missing: number[] = [];
  private readonly leafTrees: number[] = [];
  private readonly leafNodes: number[] = [];
  private readonly leafTargets: number[] = [];
  private readonly leafWeights: number[] = [];

  addTree(ensemble: TreeEnsemble, e: number, t: number, firstTarget: number, columns: EmittedColumns): void {
    const tree = this.trees++;
    const root = ensemble.starts[t]!;
    const target = ensemble.targets[t]!;
    for (let node = root; node < ensemble.starts[t + 1]!; node++) {
      const feature = ensemble.feature[node]!;
      const leaf = feature < 0;
      const nominal = !leaf && ensemble.nominal[feature] === 1;
      const threshold = ensemble.threshold[node]!;
      this.treeIds.push(tree);
      this.nodeIds.push(node - root);
      this.modes.push(leaf ? 'LEAF' : 'BRANCH_LEQ');
      this.values.push(leaf ? 0 : nominal ? 0.5 : threshold);
      this.whenTrue.push(leaf ? 0 : ensemble.left[node]! - root);
      this.whenFalse.push(leaf ? 0 : ensemble.right[node]! - root);
      this.missing.push(leaf ? 0 : ensemble.missingLeft[node]!);
      if (!leaf) {
        this.featureIds.push(nominal ? columns.indicator(e, feature, threshold) : columns.ordered(e, feature));
        continue;
      }
      this.featureIds.push(0);
      const outputs = target >= 0 ? 1 : ensemble.outputs;
      for (let k = 0; k < outputs; k++) {
        this.leafTrees.push(tree);
        this.leafNodes.push(node - root);
        this.leafTargets.push(firstTarget + (target >= 0 ? target : k));
        this.leafWeights.push(ensemble.values[ensemble.left[node]! + k]!);
      }
    }
  }

  attributes(targets: number) {
    return {
      n_targets: targets,
      aggregate_function: 'SUM',
      post_transform: 'NONE',
      nodes_treeids: this.treeIds,
      nodes_nodeids: this.nodeIds,
      nodes_featureids: this.featureIds,
      nodes_values: Float32Array.from(this.values),
      nodes_modes: this.modes,
      nodes_truenodeids: this.whenTrue,
      nodes_falsenodeids: this.whenFalse,
      nodes_missing_value_tracks_true: this.missing,
      target_treeids: this.leafTrees,
      target_nodeids: this.leafNodes,
      target_ids: this.leafTargets,
      target_weights: Float32Array.from(this.leafWeights),
    };
  }
}
