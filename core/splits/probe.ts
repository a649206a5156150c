/** The probe: a small boosted ensemble, good enough to be flattered by whatever flatters a search, trained in a moment. */
import type { Features, Target } from '../contracts/learner.ts';
import { lossFor, probeDesign } from '../learners/boosting/design.ts';
import { predictionColumns, prepareFold } from '../learners/boosting/fold.ts';
import { scoresToPredictions } from '../learners/boosting/output.ts';
import type { Fold } from '../tasks/folds.ts';
import { boost } from '../trees/boost.ts';
import { predictTrees } from '../trees/ensemble.ts';

const design = { ...probeDesign, rounds: 50, learningRate: 0.12, leaves: 15, bins: 64 };
/** On wide tables each tree sees as many columns as this, chosen at random. */
const SEEN_COLUMNS = 200;

/**
 * Predictions of each fold's validation rows by a probe trained on its training rows. Nothing of the validation rows
 * decides when to stop, or the score would flatter by itself.
 * @param rest awaited now and then; what it rejects with ends the training
 * @returns row-major [rows, classes]: probabilities, or standardised values; NaN in rows that no fold validates
 */
export async function probeFolds(
  features: Features,
  target: Target,
  folds: readonly Fold[],
  seed: number,
  rest: () => Promise<void>,
): Promise<Float32Array> {
  const predictions = new Float32Array(features.rows * target.classes).fill(Number.NaN);
  for (const [k, { train, valid }] of folds.entries()) {
    const options = { ...design, ...lossFor(target), seed: seed + k };
    const fold = await prepareFold(features, target, train, valid, options, rest);
    const { ensemble } = await boost(
      fold.train,
      { targets: Float32Array.from(train, (row) => target.values[row]!) },
      undefined,
      { ...options, featureFraction: Math.min(1, SEEN_COLUMNS / fold.columns.length) },
      { secondsLeft: () => Number.POSITIVE_INFINITY, rest },
    );
    const scores = predictTrees(ensemble, predictionColumns(features, fold, valid), valid.length);
    const own = scoresToPredictions(scores, target);
    valid.forEach((row, i) => {
      for (let c = 0; c < target.classes; c++) predictions[row * target.classes + c] = own[i * target.classes + c]!;
    });
  }
  return predictions;
}
