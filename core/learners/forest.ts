/** Random forests and extra trees as a learner of the search. */
import type { FoldFit, Learner, Target } from '../contracts/learner.ts';
import type { GraphBuilder } from '../onnx/builder.ts';
import { emitEnsembles } from '../trees/emit.ts';
import { predictTrees } from '../trees/ensemble.ts';
import { growForest } from '../trees/forest.ts';
import type { Design } from './boosting/design.ts';
import { predictionColumns, prepareFold } from './boosting/fold.ts';
import { emitMatrix } from './boosting/matrix.ts';
import { isSoundFold, packTreeFold, unpackTreeFold } from './boosting/model.ts';
import type { NamedDesign } from './boosting/portfolio.ts';
import { paceOf, targetsOf } from './boosting.ts';

const defaults = {
  trees: 200,
  maxLeaves: 500,
  minRows: 1,
  /** 0: the square root of their number for classes, all of them for regression. */
  featureFraction: 0,
  /** Extra trees: random thresholds on all rows; otherwise a random forest on bootstrap samples. */
  extra: true,
  smoothing: 0.05,
  bins: 255,
  oneHotLimit: 60,
};

/** Extra trees and a random forest, small enough that eight folds stay below about 25 MB of ONNX. */
export const forestPortfolio: readonly NamedDesign[] = [
  { name: 'ET', design: { extra: true, trees: 100, maxLeaves: 400, minRows: 1 } },
  { name: 'RF', design: { extra: false, trees: 100, maxLeaves: 400, minRows: 2 } },
];

function readForestDesign(design: Design): typeof defaults {
  const read: Record<string, number | boolean> = { ...defaults };
  for (const [name, fallback] of Object.entries(defaults)) {
    const value = design[name];
    if (value === undefined) continue;
    if (typeof value !== typeof fallback || typeof value === 'string') {
      throw new TypeError(`Decision ${name} of forest cannot be ${JSON.stringify(value)}.`);
    }
    read[name] = value;
  }
  return read as typeof defaults;
}

/** Trees grown before time was over. */
type ForestPlan = { readonly trees: number };

type Shape = Pick<Target, 'problem' | 'classes'>;

/** Trees hold the probability of the second of two classes, or one number per class, or the value. */
const outputsOf = (target: Shape): number => (target.problem === 'multiclass' ? target.classes : 1);

function indicators(values: Float32Array, target: Shape): Float32Array {
  if (target.problem !== 'multiclass') return values;
  const { classes } = target;
  const matrix = new Float32Array(values.length * classes);
  values.forEach((label, i) => {
    matrix[i * classes + label] = 1;
  });
  return matrix;
}

function toPredictions(scores: Float64Array, target: Shape): Float32Array {
  if (target.problem !== 'binary') return Float32Array.from(scores);
  return Float32Array.from({ length: 2 * scores.length }, (_, i) => (i % 2 ? scores[i >> 1]! : 1 - scores[i >> 1]!));
}

function emitMean(graph: GraphBuilder, scores: string, folds: number, target: Shape): string {
  const axes = graph.int64([1]);
  if (target.problem === 'multiclass') {
    const shaped = graph.node('Reshape', [scores, graph.int64([-1, folds, target.classes])]);
    return graph.node('ReduceMean', [shaped, axes], { keepdims: 0 });
  }
  const mean = graph.node('ReduceMean', [scores, axes], { keepdims: 1 });
  if (target.problem === 'regression') return mean;
  return graph.node('Concat', [graph.node('Sub', [graph.float32(1), mean]), mean], { axis: 1 });
}

export const forest: Learner = {
  name: 'forest',

  async fit(design, features, target, trainRows, validRows, context): Promise<FoldFit> {
    const pace = paceOf(context, 'tree');
    const { extra, ...options } = { ...readForestDesign(design), seed: context.seed };
    if (target.problem === 'regression') {
      // Values need no smoothing, and averages over few features per node explain too little.
      options.smoothing = 0;
      if (options.featureFraction === 0) options.featureFraction = 1;
    }
    const fold = await prepareFold(features, target, trainRows, validRows, options, pace.rest);
    const { targets, weights } = targetsOf(target, trainRows);
    const ensemble = await growForest(
      fold.train,
      indicators(targets, target),
      outputsOf(target),
      weights,
      { ...options, extraTrees: extra, bootstrap: !extra, planned: (context.plan as ForestPlan | undefined)?.trees },
      pace,
    );
    const grown = ensemble.targets.length;
    const model = packTreeFold({ ...fold, ensemble }, { trees: grown });
    return {
      model,
      validPredictions: await forest.predict(model, features, validRows, target, context.runtime),
      steps: grown,
      plan: { trees: grown } satisfies ForestPlan,
      notes: grown < options.trees ? [`Stopped by the time limit at ${grown} of ${options.trees} trees.`] : [],
    };
  },

  follows: isSoundFold,

  async predict(model, features, rows, target) {
    const fold = unpackTreeFold(model);
    const inputs = predictionColumns(features, fold, rows);
    return toPredictions(predictTrees(fold.ensemble, inputs, rows.length), target);
  },

  emit(graph, models, input, features, target) {
    const folds = models.map(unpackTreeFold);
    const { matrix, columns } = emitMatrix(graph, folds, input, features, target);
    const scores = emitEnsembles(
      graph,
      folds.map((fold) => fold.ensemble),
      matrix,
      columns,
    );
    return emitMean(graph, scores, folds.length, target);
  },
};
