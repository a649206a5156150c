/** Preparation and training matrix of a table; the folds of a bag, which use the same rows in all, share one. */
import type { Features, FitContext } from '../../contracts/learner.ts';
import type { Tensor } from '../../contracts/runtime.ts';
import type { Fold } from '../../tasks/folds.ts';
import type { MlpDesign } from './design.ts';
import { prepareMatrix } from './matrix.ts';
import { fitPreparation, type MlpPreparation } from './preparation.ts';

export interface Prepared {
  readonly preparation: MlpPreparation;
  /** `x` and `e` over all rows of the features, as far as the preparation has them. */
  readonly matrix: Readonly<Record<string, Tensor>>;
}

interface Entry extends Prepared {
  readonly rows: Int32Array;
  readonly piecewise: boolean;
}

/** The last result for each table, for as long as the table itself is held. */
const last = new WeakMap<Features, Entry>();

/** All rows of a fold, sorted. */
export function rowsOf({ train, valid }: Fold): Int32Array {
  const all = new Int32Array(train.length + valid.length);
  all.set(train);
  all.set(valid, train.length);
  return all.sort();
}

/**
 * Centres and scales do not look at the target, so the validation rows of a fold may count: all folds of a bag then share
 * one preparation, and the exported file holds it once.
 */
export async function preparedFor(
  design: MlpDesign,
  features: Features,
  fold: Fold,
  { runtime, breathe }: Pick<FitContext, 'runtime' | 'breathe'>,
): Promise<Prepared> {
  const [rows, piecewise] = [rowsOf(fold), design.numericEmbedding === 'ple'];
  const before = last.get(features);
  if (before && before.piecewise === piecewise && equalRows(before.rows, rows)) return before;
  const preparation = await fitPreparation(features, rows, breathe, piecewise);
  const matrix = await prepareMatrix(runtime, preparation, features, breathe);
  const entry = { preparation, matrix, rows, piecewise };
  last.set(features, entry);
  return entry;
}

const equalRows = (a: Int32Array, b: Int32Array): boolean => a.length === b.length && a.every((row, i) => row === b[i]);
