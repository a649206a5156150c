/**
 * What every learner of the tabular search implements. A learner trains one fold at a time on prepared features;
 * the pipeline (`core/learners/bag.ts`) turns folds into a bag with out-of-fold predictions, and the export
 * (`core/learners/export.ts`) turns the fold models of several bags into one ONNX graph.
 */
import type { GraphBuilder } from '../onnx/builder.ts';
import type { Fold } from '../tasks/folds.ts';
import type { TrainingEngine } from '../train/engine.ts';
import type { Runtime } from './runtime.ts';

export type Problem = 'binary' | 'multiclass' | 'regression';

/**
 * Prepared features, shared by all folds and all learners of a search. Column-major so that histograms stream.
 * `numeric`: `numericNames.length` columns of `rows` float32 values, NaN for missing, exactly as the exported
 * preparation graph computes them (float32 arithmetic). `codes`: categorical columns; 0 = missing, 1 = unseen or
 * rare, 2.. = known categories ordered by falling frequency; `cardinalities[j]` counts all codes of column j.
 */
export interface Features {
  readonly rows: number;
  readonly numericNames: readonly string[];
  readonly numeric: Float32Array;
  readonly categoricalNames: readonly string[];
  readonly cardinalities: readonly number[];
  readonly codes: Int32Array;
  /**
   * By numeric column: whether predictions (of two classes, the probability of the second) may only rise (1) or only fall
   * (-1) along it; 0 where they may do either. Left out where no column has a direction; learners that cannot keep to
   * one are not asked (`keepsDirections`).
   */
  readonly directions?: readonly (1 | 0 | -1)[];
  /** Columns of free text; left out where there is none. */
  readonly texts?: readonly TextFeature[];
}

/** The terms (words, pairs of neighbouring words) of one text column that training knows, as often as they occur. */
export interface TextFeature {
  readonly name: string;
  /** One per term: its inverse document frequency. */
  readonly weights: Float32Array;
  /** The terms of row i are `terms[starts[i]..starts[i + 1])`. */
  readonly starts: Int32Array;
  readonly terms: Int32Array;
  /** Root of the sum of squared weights over a row's terms; 1 where it has none. */
  readonly lengths: Float32Array;
  /** Numeric columns that count the commonest of these words: models that read terms need none of them. */
  readonly counted: Int32Array;
}

export interface Target {
  readonly problem: Problem;
  /** Number of classes; 1 for regression. */
  readonly classes: number;
  /** Class index for classification; for regression the target, standardised by the pipeline to mean 0 and deviation 1. */
  readonly values: Float32Array;
  /** Where 0 lies on the scale of `values`, if no target is below it and the scale is the plain one. */
  readonly zero?: number;
  /** Row weights, or undefined when all are 1. */
  readonly weights?: Float32Array;
}

/**
 * What the clock decided while a fold was trained: where training was cut, what was planned anew. Plain JSON that only
 * its learner reads. With the same rows, design and seed it leads to the same model bit by bit.
 */
export type FitPlan = Readonly<Record<string, unknown>>;

export interface FitContext {
  /** Runs graphs: preparation, validation, prediction. */
  readonly runtime: Runtime;
  /** Trains networks; programs on `runtime` where not stated. */
  readonly engine?: TrainingEngine;
  readonly seed: number;
  /** Seconds this fold may still use; learners shorten their training so that it fits. */
  readonly secondsLeft: () => number;
  /** A recorded plan of the same fold, followed instead of the clock; `secondsLeft` then decides nothing. */
  readonly plan?: FitPlan;
  /** True once the trial was cancelled; learners check it at least every 100 ms and throw `CancelledError`. */
  readonly cancelled: () => boolean;
  /** Yields to the event loop so that messages get through; learners await it at least every 100 ms. */
  readonly breathe: () => Promise<void>;
  /** The metric that early stopping watches (scikit-learn's spelling). */
  readonly metric: string;
  /**
   * True where folds hold so few rows that the best stopping point of each is chosen by noise: `fit` then returns
   * `checkpoints` beside its own choice, and the bag chooses one point for all folds.
   */
  readonly fewRows?: boolean;
  /**
   * True where somebody else will judge the fold: what it is judged by must then be predicted by a model that is handed
   * over, see `FoldFit.judged`. Costs memory.
   */
  readonly judgedElsewhere?: boolean;
  /** Told now and then how far this fold is, where somebody watches. */
  readonly onProgress?: (progress: FitProgress) => void;
}

export interface FitProgress {
  readonly unit: 'step' | 'round' | 'tree' | 'penalty';
  readonly done: number;
  /** As planned now; a plan may shrink with the time left. */
  readonly total: number;
  /** Passes over the training rows so far; networks only. */
  readonly epoch?: number;
  /** How many folds train side by side; 1 where not stated. */
  readonly folds?: number;
  /** What the fold minimises: networks the mean training loss since the last report, others the watched loss. */
  readonly loss?: number;
}

export class CancelledError extends Error {
  override name = 'CancelledError';
}

/** A fitted fold: plain JSON plus typed arrays, so that it can be stored, moved between processes and hashed. */
export interface FoldModel {
  readonly state: Readonly<Record<string, unknown>>;
  readonly arrays: Readonly<Record<string, Float32Array | Float64Array | Int32Array | Uint8Array>>;
}

/** A point at which the training of a fold could have stopped. */
export interface Checkpoint {
  /** Comparable between folds, ascending: rounds, the place in a path of penalties, or the share of a run. */
  readonly at: number;
  /** What stopping watches on the validation rows; smaller is better. */
  readonly loss: number;
  /** The fold as it was then, as in `FoldFit`. */
  readonly take: () => Pick<FoldFit, 'model' | 'judged' | 'validPredictions' | 'steps'>;
}

export interface FoldFit {
  readonly model: FoldModel;
  /** The model that made `validPredictions` where that is not `model`; only where `FitContext.judgedElsewhere` asks. */
  readonly judged?: FoldModel;
  /** Predictions on `validRows` in that order, row-major [n, classes]: probabilities, or values for regression. */
  readonly validPredictions: Float32Array;
  /** Rounds or epochs kept, for the trial's log. */
  readonly steps: number;
  /** See `FitContext.fewRows`; at least one. */
  readonly checkpoints?: readonly Checkpoint[];
  /** See `FitPlan`; left out by learners that ask no clock. */
  readonly plan?: FitPlan;
  /** Plain-language remarks, e.g. "stopped by the time limit at 240 of 1000 rounds". */
  readonly notes: readonly string[];
}

/** Names of the graph tensors that hold the prepared features: float32 [N, F] with NaN, and int64 [N, G]. */
export interface FeatureTensors {
  readonly numeric: string;
  readonly codes: string;
  /** One per text column: term + 1 in any order, 0 for none, int64 [N, T]; `TextFeature.lengths` as float32 [N, 1]. */
  readonly texts?: readonly { readonly terms: string; readonly lengths: string }[];
}

export interface Learner {
  readonly name: string;
  /**
   * Trains on `trainRows`, stops early on `validRows`.
   * @param design decisions of this learner's part of the space, flat: name -> value
   */
  fit(
    design: Readonly<Record<string, string | number | boolean>>,
    features: Features,
    target: Target,
    trainRows: Int32Array,
    validRows: Int32Array,
    context: FitContext,
  ): Promise<FoldFit>;
  /** How many of these folds `fitTogether` should train at a time; 1 where not stated, more than there are means all. */
  together?(
    design: Readonly<Record<string, string | number | boolean>>,
    features: Features,
    target: Target,
    folds: readonly Fold[],
    context: Pick<FitContext, 'runtime' | 'breathe'>,
  ): Promise<number>;
  /**
   * Trains some folds side by side; what `fit` would return for each.
   * @param contexts one a fold; they differ in nothing but the seed
   */
  fitTogether?(
    design: Readonly<Record<string, string | number | boolean>>,
    features: Features,
    target: Target,
    folds: readonly Fold[],
    contexts: readonly FitContext[],
  ): Promise<readonly FoldFit[]>;
  /** Whether a model that came from elsewhere is sound and of this design, as far as a model says; may throw where it is not. */
  follows?(model: FoldModel, design: Readonly<Record<string, string | number | boolean>>): boolean;
  /** Predicts any rows with one fold model in plain TypeScript or through `runtime`; row-major [n, classes]. */
  predict(
    model: FoldModel,
    features: Features,
    rows: Int32Array,
    target: Pick<Target, 'problem' | 'classes'>,
    runtime: Runtime,
  ): Promise<Float32Array>;
  /**
   * Emits all folds of one bag into `graph` and returns the name of a float32 tensor [N, classes]: the mean over
   * folds of probabilities (or of standardised values). Shares work between folds where it can.
   */
  emit(
    graph: GraphBuilder,
    models: readonly FoldModel[],
    input: FeatureTensors,
    features: Pick<Features, 'numericNames' | 'categoricalNames' | 'cardinalities'>,
    target: Pick<Target, 'problem' | 'classes'>,
  ): string;
}
