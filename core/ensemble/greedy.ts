/**
 * Ensemble selection (Caruana and others 2004, 2006): members are added one by one, with replacement, whichever
 * improves the mean most; a member's weight is how often it was taken.
 */
import type { MetricName } from '../contracts/task.ts';
import { Random } from '../math/random.ts';
import type { MetricTask } from '../metrics/types.ts';
import type { TargetPlan } from '../tasks/target.ts';
import { type EnsembleObjective, ensembleObjective } from './objective.ts';
import { takePredictions } from './take-predictions.ts';

export interface SelectionInput {
  readonly metric: MetricName;
  readonly task: MetricTask;
  readonly plan: TargetPlan;
  /** Class indices, or values in the user's units; the rows of `members`. */
  readonly targets: Float64Array;
  /** Out-of-fold predictions of each candidate on the same rows, row-major; numbers on the standardised scale. */
  readonly members: readonly Float32Array[];
  /** Weights that were sensible before any row was looked at, summing to 1: few rows are drawn to them. */
  readonly prior?: readonly number[];
  readonly seed: number;
  /** Asked now and then; once it is true the best so far is returned. */
  readonly stop?: () => boolean;
}

/** Selection looks at no more rows than this. */
const MAX_ROWS = 30_000;
/** Below, weights are averaged over selections on random halves, and drawn to the prior: few rows are easily over-fitted. */
const FEW_ROWS = 1000;
/** Rows that the prior weighs as much as. */
const PRIOR_ROWS = 100;
/** By how much more than the best's a loss may be to be drawn to all the same: as much as so many rows may show by luck. */
const nearBest = (rows: number): number => 1 + Math.max(0.15, 4 / Math.sqrt(rows));
/** Members that weigh less are dropped: they cost bytes and say nothing. */
const LEAST_WEIGHT = 0.02;

/** Weights of the candidates, summing to 1; unused candidates get 0. Throws a RangeError when there is no candidate. */
export function selectEnsemble(input: SelectionInput): number[] {
  const count = input.members.length;
  if (count === 0) throw new RangeError('No finished model to choose from.');
  if (count === 1) return [1];
  const random = new Random(input.seed);
  const rows = input.targets.length;
  const all = Int32Array.from({ length: rows }, (_, i) => i);
  const steps = count > 30 ? 40 : 25;
  if (rows >= FEW_ROWS) {
    const sample = rows > MAX_ROWS ? random.shuffle(all).subarray(0, MAX_ROWS).sort() : all;
    return prune(counts(select(input, sample, steps), count));
  }
  const weights = new Float64Array(count);
  const runs = 10;
  for (let run = 0; run < runs; run++) {
    const half = random
      .shuffle(all.slice())
      .subarray(0, Math.ceil(rows / 2))
      .sort();
    if (!everyClassIn(input, half)) continue;
    counts(select(input, half, steps), count).forEach((weight, m) => {
      weights[m]! += weight;
    });
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const alone = lossesAlone(input, all);
  const top = ranking(alone).slice(0, 5);
  const chosen = total > 0 ? Array.from(weights, (weight) => (0.8 * weight) / total) : new Array<number>(count).fill(0);
  for (const m of top) chosen[m]! += (total > 0 ? 0.2 : 1) / top.length;
  const prior = input.prior && onNearBest(input.prior, alone, nearBest(rows));
  const share = prior ? rows / (rows + PRIOR_ROWS) : 1;
  return prune(chosen.map((weight, m) => share * weight + (1 - share) * (prior?.[m] ?? 0)));
}

/** Whether the rows hold classes enough to score on: two at least, or all there are. */
export function everyClassIn(input: SelectionInput, rows: Int32Array): boolean {
  if (input.plan.problem === 'regression') return true;
  return new Set(Array.from(rows, (row) => input.targets[row])).size >= Math.min(2, input.task.classes);
}

function onRows(input: SelectionInput, rows: Int32Array): { objective: EnsembleObjective; values: Float64Array[] } {
  const width = input.plan.problem === 'regression' ? 1 : input.task.classes;
  const objective = ensembleObjective(
    input.metric,
    input.task,
    input.plan,
    Float64Array.from(rows, (row) => input.targets[row]!),
  );
  const values = input.members.map((member) => objective.extract(takePredictions(member, rows, width)));
  return { objective, values };
}

/** Loss of each candidate by itself. */
function lossesAlone(input: SelectionInput, rows: Int32Array): number[] {
  const { objective, values } = onRows(input, rows);
  return values.map((value) => objective.loss(value, 1));
}

/** Candidates from best to worst. */
const ranking = (losses: readonly number[]): number[] =>
  losses.map((_, m) => m).sort((a, b) => losses[a]! - losses[b]! || a - b);

/** The prior on candidates whose loss is at most `times` the best one's, summing to 1; null where it names none of them. */
function onNearBest(prior: readonly number[], losses: readonly number[], times: number): number[] | null {
  const limit = times * Math.min(...losses);
  const near = prior.map((weight, m) => (losses[m]! <= limit ? weight : 0));
  const total = near.reduce((sum, weight) => sum + weight, 0);
  return total > 0 ? near.map((weight) => weight / total) : null;
}

/** The members taken, in order, cut to the shortest prefix with the best loss. */
function select(input: SelectionInput, rows: Int32Array, steps: number): number[] {
  const { objective, values } = onRows(input, rows);
  const sum = new Float64Array(values[0]!.length);
  const trial = new Float64Array(sum.length);
  const taken: number[] = [];
  let best = Number.POSITIVE_INFINITY;
  let bestLength = 1;
  for (let step = 0; step < steps && !(step > 0 && input.stop?.()); step++) {
    let chosen = -1;
    let chosenLoss = Number.POSITIVE_INFINITY;
    values.forEach((value, m) => {
      for (let i = 0; i < sum.length; i++) trial[i] = sum[i]! + value[i]!;
      const loss = objective.loss(trial, step + 1);
      const tied = chosen >= 0 && Math.abs(loss - chosenLoss) <= 1e-12 * Math.abs(chosenLoss);
      // On ties a member that is in already keeps the file small.
      if (tied ? taken.includes(m) && !taken.includes(chosen) : loss < chosenLoss) {
        chosen = m;
        chosenLoss = loss;
      }
    });
    if (chosen < 0) break;
    taken.push(chosen);
    const value = values[chosen]!;
    for (let i = 0; i < sum.length; i++) sum[i]! += value[i]!;
    // Gains below a millionth are noise.
    if (chosenLoss < best - 1e-6 * Math.abs(best) || best === Number.POSITIVE_INFINITY) {
      best = chosenLoss;
      bestLength = taken.length;
    }
  }
  return taken.slice(0, bestLength);
}

function counts(taken: readonly number[], count: number): number[] {
  const weights = new Array<number>(count).fill(0);
  for (const m of taken) weights[m]! += 1 / taken.length;
  return weights;
}

function prune(weights: readonly number[]): number[] {
  const most = Math.max(...weights);
  const kept = weights.map((weight) => (weight < Math.min(LEAST_WEIGHT, most) ? 0 : weight));
  const total = kept.reduce((sum, weight) => sum + weight, 0);
  return kept.map((weight) => weight / total);
}
