/** From trained bags to one exported file: weights, calibration, decision, ONNX. */
import type { ModelMetadata, Score, Verdict } from '#core/contracts/result.ts';
import { type MetricName, metricInfo } from '#core/contracts/task.ts';
import { blend } from '#core/ensemble/blend.ts';
import { applyCalibration, type Calibration, fitCalibration } from '#core/ensemble/calibrate.ts';
import { tuneDecision } from '#core/ensemble/calibration.ts';
import { CROSS_FIT_ROWS, crossFitBlend } from '#core/ensemble/cross-fit.ts';
import { type SelectionInput, selectEnsemble } from '#core/ensemble/greedy.ts';
import { takePredictions } from '#core/ensemble/take-predictions.ts';
import { type Bag, exportedBytes } from '#core/learners/bag.ts';
import { describeColumns } from '#core/learners/describe.ts';
import { exportModel } from '#core/learners/export.ts';
import { pairedInterval } from '#core/metrics/bootstrap.ts';
import type { Design } from '#core/spaces/space.ts';
import type { Prepared } from '#core/tasks/prepared-task.ts';
import { inUnits } from '#core/tasks/target.ts';
import { type Conformal, describeConformal } from './conformal.ts';
import { evaluatorOf, scoreOf, tunedEvaluatorOf, type Validation, validationOf } from './score.ts';

/** A finished trial that may become a member. */
export interface Candidate {
  readonly trialId: string;
  readonly number: number;
  readonly origin: string;
  readonly learner: string;
  readonly summary: string;
  readonly design: Design;
  readonly score: number;
  /** Milliseconds that one row costs. */
  readonly rowMs: number;
  readonly bag: Bag;
}

export interface Member {
  readonly candidate: Candidate;
  readonly weight: number;
}

export interface Assembly {
  readonly members: readonly Member[];
  readonly calibration: Calibration;
  readonly decision: readonly number[] | null;
  /** Out-of-fold predictions of the ensemble, all rows, calibrated; few rows have no say in the weights they see. */
  readonly predictions: Float32Array;
  readonly validation: Validation;
  readonly score: Score;
  /** Intervals or sets, once they are fitted. */
  readonly conformal?: Conformal;
}

export interface AssembleOptions {
  readonly metric: MetricName;
  readonly seed: number;
  /** Milliseconds that one row of the whole ensemble may cost; dear members are left out to keep it. */
  readonly rowMsLimit: number;
  readonly stop?: () => boolean;
  /**
   * Of the candidates, where members were chosen before: nothing is chosen then. Only on rows enough that the others have
   * no say in the ensemble's predictions (`CROSS_FIT_ROWS`), or where there are no others.
   */
  readonly weights?: readonly number[];
}

/** Bytes of a file that a phone loads in a moment; beyond, members of little weight are left out. */
const largestFile = 16e6;

const classesOf = (prepared: Prepared) =>
  prepared.target.problem === 'regression' ? 1 : prepared.target.classes.length;

/** Chooses members and weights, fits the calibration and the decision, all on out-of-fold rows. */
export function assemble(prepared: Prepared, candidates: readonly Candidate[], options: AssembleOptions): Assembly {
  const validation = validationOf(prepared);
  const { rows, targets, task } = validation;
  const { target } = prepared;
  const { classes } = task;
  const { members, selection } = options.weights
    ? { members: weighed(candidates, options.weights), selection: null }
    : chooseMembers(prepared, validation, candidates, options);
  const blended = blend(
    members.map(({ candidate }) => candidate.bag.predictions),
    members.map(({ weight }) => weight),
  );
  if (selection && rows.length < CROSS_FIT_ROWS) {
    const honest = crossFitBlend(selection.input, selection.weights);
    rows.forEach((row, i) => {
      blended.set(honest.subarray(i * classes, (i + 1) * classes), row * classes);
    });
  }
  const taken = takePredictions(blended, rows, classes);
  const calibration: Calibration =
    target.problem === 'regression'
      ? { temperature: 1, curve: null }
      : fitCalibration(options.metric, targets, taken, classes, options.seed);
  const predictions = applyCalibration(blended, classes, calibration);
  const decision =
    target.problem === 'regression'
      ? null
      : tuneDecision(options.metric, task, targets, takePredictions(predictions, rows, classes));
  const evaluate = evaluatorOf(prepared, validation, options.metric, predictions, decision ?? undefined);
  const { score: value, low, high } = scoreOf(evaluate, rows.length, options.seed);
  return { members, calibration, decision, predictions, validation, score: { value, low, high, rows: rows.length } };
}

/** Candidates with a weight, heaviest first. */
const weighed = (candidates: readonly Candidate[], weights: readonly number[]): Member[] =>
  candidates
    .map((candidate, i) => ({ candidate, weight: weights[i] ?? 0 }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);

function chooseMembers(
  prepared: Prepared,
  { rows, targets, task }: Validation,
  candidates: readonly Candidate[],
  options: AssembleOptions,
): { members: Member[]; selection: { input: SelectionInput; weights: readonly number[] } } {
  let pool = worthBlending(candidates, options.metric);
  for (;;) {
    const prior = priorWeights(pool);
    const input: SelectionInput = {
      metric: options.metric,
      task,
      plan: prepared.target,
      targets,
      members: pool.map(({ bag }) => takePredictions(bag.predictions, rows, task.classes)),
      ...(prior ? { prior } : {}),
      seed: options.seed,
      ...(options.stop ? { stop: options.stop } : {}),
    };
    const weights = selectEnsemble(input);
    const members = weighed(pool, weights);
    const chosen = { members, selection: { input, weights } };
    const loads = members.map(({ candidate }) => ({
      time: candidate.rowMs / options.rowMsLimit,
      size: exportedBytes(candidate.bag) / largestFile,
    }));
    const load = (kind: 'time' | 'size') => loads.reduce((sum, each) => sum + each[kind], 0);
    // A single member may be as large as it is.
    if (load('time') <= 1 && (load('size') <= 1 || members.length === 1)) return chosen;
    if (pool.length === 1) return chosen;
    // The member that pays least for what it costs goes first; then the rest is weighed anew.
    const worth = members.map(({ weight }, i) => weight / (loads[i]!.time + loads[i]!.size));
    const worst = members[worth.indexOf(Math.min(...worth))]!;
    pool = members.length > 1 ? pool.filter((candidate) => candidate !== worst.candidate) : [cheapest(pool)];
  }
}

/**
 * The baseline leaves the pool once anything beats it: ranking metrics do not see a constant that is mixed in, and the
 * probabilities would lose their meaning.
 */
export function worthBlending<T extends Pick<Candidate, 'learner' | 'score'>>(
  candidates: readonly T[],
  metric: MetricName,
): T[] {
  const sign = metricInfo[metric].direction === 'maximize' ? 1 : -1;
  const bar = Math.max(...candidates.map(({ learner, score }) => (learner === 'baseline' ? sign * score : -Infinity)));
  const beaten = candidates.some(({ learner, score }) => learner !== 'baseline' && sign * score > bar);
  return candidates.filter(({ learner }) => !beaten || learner !== 'baseline');
}

/**
 * Weights before any score: half on the first linear model, which is hard to beat on few rows, half on the portfolio's
 * designs alike, which no score has chosen; null where there is neither.
 */
export function priorWeights(pool: readonly Pick<Candidate, 'learner' | 'origin' | 'number'>[]): number[] | null {
  const firstOf = (group: typeof pool) => group.reduce((a, b) => (a.number <= b.number ? a : b));
  const linear = pool.filter(({ learner }) => learner === 'linear');
  const parts = [linear.length > 0 ? [firstOf(linear)] : [], pool.filter(({ origin }) => origin === 'portfolio')];
  const present = parts.filter((part) => part.length > 0);
  if (present.length === 0) return null;
  const share = (candidate: (typeof pool)[number]) =>
    present.reduce((sum, part) => sum + (part.includes(candidate) ? 1 / (part.length * present.length) : 0), 0);
  return pool.map(share);
}

const cheapest = (pool: readonly Candidate[]): Candidate => pool.reduce((a, b) => (a.rowMs <= b.rowMs ? a : b));

/** The description inside the file; the test score and the receipt's hash are filled in once they are known. */
export function describeModel(
  prepared: Prepared,
  facts: { target: string; metric: MetricName; positiveClass: string | null },
  { score, conformal }: Pick<Assembly, 'score' | 'conformal'>,
): ModelMetadata {
  const { target } = prepared;
  return {
    schema: 'warmstart.model/1',
    task: target.problem === 'regression' ? 'regression' : 'classification',
    target: facts.target,
    classes: target.problem === 'regression' ? null : [...target.classes],
    positiveClass: facts.positiveClass,
    metric: facts.metric,
    scores: { validation: score, test: null },
    columns: describeColumns(prepared.preparation),
    conformal: conformal ? describeConformal(conformal) : null,
    receipt: null,
  };
}

export function exportAssembly(prepared: Prepared, assembly: Assembly, metadata: ModelMetadata): Uint8Array {
  return exportModel({
    preparation: prepared.preparation,
    target: prepared.target,
    members: assembly.members.map(({ candidate: { bag }, weight }) => ({
      learner: bag.learner,
      models: bag.models,
      scale: bag.scale,
      weight,
    })),
    calibration: assembly.calibration,
    decision: assembly.decision,
    interval: assembly.conformal?.interval ?? null,
    metadata,
  });
}

/**
 * What the prior bought: the ensemble against the best random design, on the same out-of-fold rows. `tie` where the
 * paired bootstrap interval of the difference holds zero.
 */
export function verdictAgainstRandom(
  prepared: Prepared,
  assembly: Assembly,
  candidates: readonly Candidate[],
  metric: MetricName,
  seed: number,
): Verdict | null {
  const maximize = metricInfo[metric].direction === 'maximize';
  const random = candidates.filter(({ origin }) => origin === 'random');
  const best = random.reduce<Candidate | null>(
    (a, b) => (a === null || (maximize ? b.score > a.score : b.score < a.score) ? b : a),
    null,
  );
  if (!best) return null;
  const { validation } = assembly;
  const theirs = tunedEvaluatorOf(prepared, validation, metric, best.bag.predictions);
  const ours = evaluatorOf(prepared, validation, metric, assembly.predictions, assembly.decision ?? undefined);
  const { score, low, high } = scoreOf(theirs, validation.rows.length, seed);
  const gain = pairedInterval(ours, theirs, validation.rows.length, { seed });
  const sign = maximize ? 1 : -1;
  const [worst, top] = [Math.min(sign * gain.low, sign * gain.high), Math.max(sign * gain.low, sign * gain.high)];
  return { value: score, low, high, verdict: worst > 0 ? 'better' : top < 0 ? 'worse' : 'tie' };
}

/** Predictions in the user's units, for reports. */
export const unitsOf = (prepared: Prepared, predictions: Float32Array) => inUnits(prepared.target, predictions);
export { classesOf };
