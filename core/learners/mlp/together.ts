/** How many folds of an MLP train side by side. */
import type { Features, FitContext, Target } from '../../contracts/learner.ts';
import { bindNetwork } from '../../ir/network.ts';
import type { Fold } from '../../tasks/folds.ts';
import { layoutOf } from '../../train/layout.ts';
import { networksCached } from './cached.ts';
import { batchRows, ensembleOf, type FlatDesign, readMlpDesign } from './design.ts';
import { FREQUENCIES, mlpNetwork } from './network.ts';
import { preparedFor, rowsOf } from './prepared.ts';
import { shapeOf } from './state.ts';

/** Folds differ by this share of their rows at most: they share their number of steps. */
const SIZE_SHARE = 0.05;

/** See `Learner.together`. */
export async function foldsTogether(
  flat: FlatDesign,
  features: Features,
  target: Target,
  folds: readonly Fold[],
  context: Pick<FitContext, 'runtime' | 'breathe'>,
): Promise<number> {
  const [first] = folds;
  if (!first || !areAlike(folds)) return 1;
  const design = readMlpDesign(flat);
  const { preparation } = await preparedFor(design, features, first, context);
  const shape = shapeOf(preparation, target);
  const network = mlpNetwork(design, shape, 'K', { problem: target.problem, smoothing: 0, weighted: false });
  const weights = layoutOf(bindNetwork(network, { K: 1 })).size;
  const cosines = design.numericEmbedding === 'pbld' ? FREQUENCIES * shape.continuous : 0;
  const batch = batchRows(design, first.train.length);
  const width = design.width * ensembleOf(design);
  return Math.max(1, Math.floor(networksCached({ batch, width, weights, cosines }) / design.seeds));
}

/** Whether the folds cut up the same rows and train on nearly as many. */
function areAlike(folds: readonly Fold[]): boolean {
  const sizes = folds.map(({ train }) => train.length);
  if (Math.max(...sizes) - Math.min(...sizes) > Math.max(1, SIZE_SHARE * Math.min(...sizes))) return false;
  const [all, ...others] = folds.map(rowsOf);
  return others.every((rows) => rows.length === all!.length && rows.every((row, i) => row === all![i]));
}
