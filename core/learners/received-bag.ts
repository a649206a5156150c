/**
 * A bag that somebody else trained, a browser's tab for one, judged by what it predicts here. Nothing it says about
 * itself counts: its form is checked, then every row is predicted again by the fold models that have not seen it.
 */
import type { FitContext, FoldModel, Learner } from '../contracts/learner.ts';
import { evaluateMetric } from '../metrics/evaluate.ts';
import { learnerTarget, toPlainScale } from '../tasks/target.ts';
import { type Bag, type BagTask, type Design, planBag, sharesStop } from './bag.ts';
import { OutOfFold } from './out-of-fold.ts';
import { unpackBag } from './packed-bag.ts';

/** The message is one plain line for whoever sent it. */
export class RefusedBagError extends Error {
  override name = 'RefusedBagError';
}

/** Largest difference between what it says it predicts and what it predicts here; runtimes differ by about 1e-5. */
const TOLERANCE = 1e-3;
const MOST_NOTES = 20;
const NOTE_LENGTH = 300;

const refuse = (why: string): never => {
  throw new RefusedBagError(why);
};

/**
 * Reads the bytes and checks their form against the design that was asked for.
 * @throws RefusedBagError
 */
export function readReceivedBag(bytes: Uint8Array, learner: Learner, design: Design, task: BagTask): Bag {
  let bag: Bag;
  try {
    bag = unpackBag(bytes);
  } catch {
    return refuse('It is not a packed model, or it is cut off.');
  }
  const { decisions, scale, folds } = planBag(design, task);
  if (bag.learner !== learner.name) refuse(`It is a model of another learner than ${learner.name}.`);
  if (bag.scale !== scale) refuse('It learned the target on another scale than the design says.');
  if (bag.models.length !== folds.length)
    refuse(`It holds ${bag.models.length} fold models; this trial has ${folds.length} folds.`);
  const classes = task.target.problem === 'regression' ? 1 : task.target.classes.length;
  if (!(bag.predictions instanceof Float32Array) || bag.predictions.length !== task.features.rows * classes)
    refuse('Its predictions do not fit the rows of this search.');
  if (bag.judged && !(sharesStop(task, folds) && bag.judged.length === folds.length))
    refuse('It is judged by other models than it holds.');
  if (![...bag.models, ...(bag.judged ?? [])].every(({ state }) => state !== null && typeof state === 'object'))
    refuse('A fold model in it has no description.');
  if (!follows(bag, learner, decisions)) refuse('It is no sound model of the design that this trial asks for.');
  const whole = (n: unknown) => Number.isInteger(n) && (n as number) >= 0;
  if (!Array.isArray(bag.steps) || bag.steps.length !== folds.length || !bag.steps.every(whole))
    refuse('Its step counts are no whole numbers, one a fold.');
  if (!Array.isArray(bag.notes) || bag.notes.length > MOST_NOTES || !bag.notes.every((n) => typeof n === 'string'))
    refuse('Its notes are no short list of texts.');
  // Its own plans are no way to train it again here, on another runtime.
  const { plans: _, ...rest } = bag;
  return { ...rest, notes: bag.notes.map((note) => note.slice(0, NOTE_LENGTH)) };
}

/** A model that the learner cannot even read follows no design. */
function follows(bag: Bag, learner: Learner, decisions: Design): boolean {
  try {
    return [...bag.models, ...(bag.judged ?? [])].every((model) => learner.follows?.(model, decisions) ?? true);
  } catch {
    return false;
  }
}

/** How much worse than what it is judged by a fold may be: it was kept for being the better one. */
const WORSE = 1.1;

/**
 * Predicts every validation row anew and compares with what the bag claims.
 * @param metric that the trial was trained for
 * @returns the bag with the predictions made here
 * @throws RefusedBagError where a fold model does not run, predicts no numbers, or not what it claims
 */
export async function repredict(
  bag: Bag,
  learner: Learner,
  design: Design,
  task: BagTask,
  { metric, runtime, breathe }: Pick<FitContext, 'metric' | 'runtime' | 'breathe'>,
): Promise<Bag> {
  const { scale, folds } = planBag(design, task);
  const target = learnerTarget(task.target, task.values, scale);
  const outOfFold = new OutOfFold(task.features.rows, target.classes);
  const watched = target.problem !== 'regression' ? 'log_loss' : metric === 'mae' ? 'mae' : 'rmse';
  for (const [k, { valid }] of folds.entries()) {
    const predict = (model: FoldModel) =>
      learner
        .predict(model, task.features, valid, target, runtime)
        .catch(() => refuse(`Fold model ${k + 1} of ${folds.length} does not run.`));
    const own = await predict(bag.models[k]!);
    const judged = bag.judged ? await predict(bag.judged[k]!) : own;
    const loss = (predictions: Float32Array) =>
      evaluateMetric(
        watched,
        target,
        Float32Array.from(valid, (row) => target.values[row]!),
        predictions,
      );
    if (bag.judged && !(loss(own) <= WORSE * loss(judged) + 1e-3))
      refuse('The models it holds are worse than those it is judged by.');
    outOfFold.add({ valid }, toPlainScale(task.target, judged, scale));
    await breathe();
  }
  let predictions: Float32Array;
  try {
    predictions = outOfFold.mean();
  } catch {
    return refuse('It predicts something that is not a number.');
  }
  const agrees = predictions.every((p, i) => {
    // Rows that no fold validates have no prediction.
    return Number.isNaN(p) || Math.abs(p - bag.predictions[i]!) <= TOLERANCE * Math.max(1, Math.abs(p));
  });
  if (!agrees) refuse('Its weights do not predict what it says they predict.');
  const { judged: _, ...kept } = bag;
  return { ...kept, predictions };
}
