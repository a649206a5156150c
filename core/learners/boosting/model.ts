/** A fitted fold of trees as a `FoldModel`: typed arrays of the ensemble plus what its columns are. */
import type { FoldModel } from '../../contracts/learner.ts';
import type { TreeEnsemble } from '../../trees/ensemble.ts';
import { isSound } from '../../trees/sound.ts';
import type { ModelColumn, StatisticTable } from './columns.ts';

export interface TreeFold {
  readonly ensemble: TreeEnsemble;
  readonly columns: readonly ModelColumn[];
  readonly tables: ReadonlyMap<number, StatisticTable>;
  /** By text column, [terms, slots]. */
  readonly texts: readonly Float32Array[];
  /** Where scores are logarithms: of what lies above this. */
  readonly zero?: number;
}

/** @param facts what else to remember of the training, for the log */
export function packTreeFold(fold: TreeFold, facts: Readonly<Record<string, unknown>> = {}): FoldModel {
  const { outputs, ...arrays } = fold.ensemble;
  const tables = Array.from(fold.tables, ([index, { slots, values }]) => [`table_${index}`, slots, values] as const);
  return {
    state: {
      ...facts,
      outputs,
      columns: fold.columns,
      tables: Object.fromEntries(tables.map(([name, slots]) => [name, slots])),
      texts: fold.texts.length,
      ...(fold.zero === undefined ? {} : { zero: fold.zero }),
    },
    arrays: {
      ...arrays,
      ...Object.fromEntries(tables.map(([name, , values]) => [name, values])),
      ...Object.fromEntries(fold.texts.map((table, index) => [`text_${index}`, table])),
    },
  };
}

/** Whether a fold that came from elsewhere can be walked; see `isSound`. */
export function isSoundFold(model: FoldModel): boolean {
  const { ensemble, columns } = unpackTreeFold(model);
  return isSound(ensemble, columns.length);
}

/** Inverse of `packTreeFold`. Throws a TypeError when the model is not one of trees. */
export function unpackTreeFold(model: FoldModel): TreeFold {
  const { arrays } = model;
  const state = model.state as {
    outputs: number;
    columns: readonly ModelColumn[];
    tables: Readonly<Record<string, number>>;
    /** Left out by older versions. */
    texts?: number;
    zero?: number;
  };
  if (!(arrays.starts instanceof Int32Array) || !Array.isArray(state.columns)) {
    throw new TypeError('This fold model holds no trees.');
  }
  const tables = new Map<number, StatisticTable>();
  for (const [name, slots] of Object.entries(state.tables)) {
    tables.set(Number(name.slice('table_'.length)), { slots, values: arrays[name] as Float32Array });
  }
  return {
    columns: state.columns,
    tables,
    texts: Array.from({ length: state.texts ?? 0 }, (_, index) => arrays[`text_${index}`] as Float32Array),
    ...(state.zero === undefined ? {} : { zero: state.zero }),
    ensemble: {
      outputs: state.outputs,
      base: arrays.base as Float64Array,
      nominal: arrays.nominal as Uint8Array,
      starts: arrays.starts,
      targets: arrays.targets as Int32Array,
      feature: arrays.feature as Int32Array,
      threshold: arrays.threshold as Float32Array,
      missingLeft: arrays.missingLeft as Uint8Array,
      left: arrays.left as Int32Array,
      right: arrays.right as Int32Array,
      values: arrays.values as Float32Array,
    },
  };
}
