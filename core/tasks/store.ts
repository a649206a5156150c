/** Prepared tasks and trained bags as bytes. */
import type { FoldModel } from '../contracts/learner.ts';
import type { Bag } from '../learners/bag.ts';
import { type PackableArray, pack, unpack } from '../math/pack.ts';
import type { Preparation } from '../prep/preparation.ts';
import type { FoldPlan } from './folds.ts';
import type { PreparedTask } from './prepare-task.ts';
import type { TargetPlan, TargetScale } from './target.ts';

interface TaskMeta {
  readonly preparation: Preparation;
  readonly target: TargetPlan;
  readonly kind: FoldPlan['kind'];
  readonly rows: number;
  readonly numericNames: readonly string[];
  readonly categoricalNames: readonly string[];
  readonly cardinalities: readonly number[];
}

export function packTask(task: PreparedTask): Uint8Array {
  const { numeric, codes, ...shape } = task.features;
  const arrays: Record<string, PackableArray> = { numeric, codes, values: task.values };
  task.folds.folds.forEach((fold, k) => {
    arrays[`train${k}`] = fold.train;
    arrays[`valid${k}`] = fold.valid;
  });
  const meta: TaskMeta = { preparation: task.preparation, target: task.target, kind: task.folds.kind, ...shape };
  return pack({ meta, arrays });
}

/** The inverse. Throws a TypeError on bytes of something else. */
export function unpackTask(bytes: Uint8Array): PreparedTask {
  const { meta, arrays } = unpack(bytes);
  const { preparation, target, kind, ...shape } = meta as TaskMeta;
  const folds = [];
  for (let k = 0; `train${k}` in arrays; k++) {
    folds.push({ train: arrays[`train${k}`] as Int32Array, valid: arrays[`valid${k}`] as Int32Array });
  }
  const features = { ...shape, numeric: arrays.numeric as Float32Array, codes: arrays.codes as Int32Array };
  return { preparation, target, values: arrays.values as Float64Array, folds: { kind, folds }, features };
}

interface BagMeta {
  readonly learner: string;
  readonly scale: TargetScale;
  readonly steps: readonly number[];
  readonly notes: readonly string[];
  readonly models: readonly { readonly state: FoldModel['state']; readonly names: readonly string[] }[];
}

export function packBag(bag: Bag): Uint8Array {
  const arrays: Record<string, PackableArray> = { predictions: bag.predictions };
  const models = bag.models.map((model, k) => {
    for (const [name, array] of Object.entries(model.arrays)) arrays[`${k}/${name}`] = array;
    return { state: model.state, names: Object.keys(model.arrays) };
  });
  const { learner, scale, steps, notes } = bag;
  const meta: BagMeta = { learner, scale, steps, notes, models };
  return pack({ meta, arrays });
}

/** The inverse. Throws a TypeError on bytes of something else. */
export function unpackBag(bytes: Uint8Array): Bag {
  const { meta, arrays } = unpack(bytes);
  const { models, ...rest } = meta as BagMeta;
  return {
    ...rest,
    predictions: arrays.predictions as Float32Array,
    models: models.map(({ state, names }, k) => ({
      state,
      arrays: Object.fromEntries(names.map((name) => [name, arrays[`${k}/${name}`]!])),
    })),
  };
}
