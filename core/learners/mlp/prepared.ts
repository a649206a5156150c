/** Preparation and training matrix of a table; the folds of a bag, which use the same rows in all, share one. */
import type { Features } from '../../contracts/learner.ts';
import type { Runtime, Tensor } from '../../contracts/runtime.ts';
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

/** @param rows sorted rows that centres, scales and tables are fitted on */
export async function prepared(
  runtime: Runtime,
  features: Features,
  rows: Int32Array,
  piecewise: boolean,
  breathe: () => Promise<void>,
): Promise<Prepared> {
  const before = last.get(features);
  if (before && before.piecewise === piecewise && equalRows(before.rows, rows)) return before;
  const preparation = await fitPreparation(features, rows, breathe, piecewise);
  const matrix = await prepareMatrix(runtime, preparation, features, breathe);
  const entry = { preparation, matrix, rows, piecewise };
  last.set(features, entry);
  return entry;
}

const equalRows = (a: Int32Array, b: Int32Array): boolean => a.length === b.length && a.every((row, i) => row === b[i]);
