/**
 * What the bank suggests for a new task: designs that together did well on its tasks, similar ones counting more.
 * Similarity tilts an average over all tasks and never decides alone: every task keeps a floor of weight.
 */
import type { Direction } from '../contracts/task.ts';
import type { Design } from '../spaces/space.ts';
import type { MetaFeatures } from './meta-features.ts';

export interface BankTrial {
  readonly hash: string;
  readonly design: Design;
  readonly learner: string;
  readonly score: number;
  readonly seconds: number;
}

export interface BankTask {
  readonly id: string;
  readonly name: string;
  readonly metaFeatures: MetaFeatures;
  readonly direction: Direction;
  readonly trials: readonly BankTrial[];
}

export interface TaskEvidence {
  readonly id: string;
  readonly name: string;
  readonly weight: number;
  readonly reason: string;
}

export interface BankSuggestion {
  /** Best first. */
  readonly designs: readonly { readonly hash: string; readonly design: Design; readonly reason: string }[];
  readonly tasks: readonly TaskEvidence[];
}

/** Share of the weight that is spread evenly over all tasks. */
const FLOOR = 0.3;
/** Tasks with fewer trials say nothing about what is good on them. */
const LEAST_TRIALS = 3;

/** Suggests up to `count` designs. Nothing when no task has trials enough. */
export function bankPortfolio(target: MetaFeatures, tasks: readonly BankTask[], count: number): BankSuggestion {
  const usable = tasks.filter((task) => task.trials.length >= LEAST_TRIALS);
  if (usable.length === 0) return { designs: [], tasks: [] };
  const weights = similarityWeights(
    target,
    usable.map((task) => task.metaFeatures),
  );
  const regrets = usable.map(regretsOf);
  const designs = new Map<string, Design>();
  for (const task of usable) for (const trial of task.trials) designs.set(trial.hash, trial.design);
  const chosen: { hash: string; design: Design; reason: string }[] = [];
  const left = usable.map(() => 1);
  for (let k = 0; k < count && designs.size > 0; k++) {
    let best = '';
    let bestGain = 1e-4;
    for (const hash of designs.keys()) {
      const gain = usable.reduce(
        (sum, _, t) => sum + weights[t]! * Math.max(0, left[t]! - (regrets[t]!.get(hash) ?? 1)),
        0,
      );
      if (gain > bestGain) {
        best = hash;
        bestGain = gain;
      }
    }
    if (!best) break;
    const helped = usable.filter((_, t) => (regrets[t]!.get(best) ?? 1) < left[t]! - 1e-9);
    usable.forEach((_, t) => {
      left[t] = Math.min(left[t]!, regrets[t]!.get(best) ?? 1);
    });
    chosen.push({
      hash: best,
      design: designs.get(best)!,
      reason: `did best on ${listNames(helped.map((task) => task.name))}`,
    });
    designs.delete(best);
  }
  const evidence = usable
    .map((task, t) => ({
      id: task.id,
      name: task.name,
      weight: weights[t]!,
      reason: likeness(target, task.metaFeatures),
    }))
    .sort((a, b) => b.weight - a.weight);
  return { designs: chosen, tasks: evidence };
}

function listNames(names: readonly string[]): string {
  return names.length <= 2 ? names.join(' and ') : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
}

/** Softmax of negative squared distances on standardised meta-features, mixed with an even floor; sums to 1. */
export function similarityWeights(target: MetaFeatures, tasks: readonly MetaFeatures[]): number[] {
  const names = Object.keys(target);
  const scales = names.map((name) => {
    const values = [target, ...tasks].map((task) => task[name] ?? 0);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
  });
  const distances = tasks.map((task) => {
    let sum = 0;
    names.forEach((name, i) => {
      if (scales[i]! > 1e-9) sum += (((task[name] ?? 0) - target[name]!) / scales[i]!) ** 2;
    });
    return sum / names.length;
  });
  const nearest = Math.min(...distances);
  const raw = distances.map((distance) => Math.exp(-2 * (distance - nearest)));
  const total = raw.reduce((a, b) => a + b, 0);
  return raw.map((value) => ((1 - FLOOR) * value) / total + FLOOR / tasks.length);
}

/** 0 for a task's best trial, 1 for its median and below. */
function regretsOf(task: BankTask): Map<string, number> {
  const sign = task.direction === 'maximize' ? -1 : 1;
  const losses = task.trials.map((trial) => sign * trial.score);
  const sorted = losses.toSorted((a, b) => a - b);
  const best = sorted[0]!;
  const span = Math.max(sorted[sorted.length >> 1]! - best, 1e-12);
  const regrets = new Map<string, number>();
  task.trials.forEach((trial, i) => {
    const regret = Math.min(1, (losses[i]! - best) / span);
    regrets.set(trial.hash, Math.min(regret, regrets.get(trial.hash) ?? 1));
  });
  return regrets;
}

/** The strongest likeness in plain words. */
function likeness(target: MetaFeatures, task: MetaFeatures): string {
  const near = (name: string, within: number) => Math.abs((target[name] ?? 0) - (task[name] ?? 0)) <= within;
  const facts: string[] = [];
  const rows = Math.round(10 ** (task.logRows ?? 0)).toLocaleString('en');
  const columns = Math.round(10 ** (task.logColumns ?? 0) - 1);
  if (near('logRows', 0.3)) facts.push(`similar size (${rows} rows)`);
  if (near('logColumns', 0.2)) facts.push(`similar width (${columns} columns)`);
  if (near('categoricalShare', 0.15)) facts.push('a similar share of categories');
  if (near('logClasses', 0.01) && (task.logClasses ?? 0) > 0) facts.push('as many classes');
  if (near('missingShare', 0.03) && (task.missingShare ?? 0) > 0.01) facts.push('as many missing values');
  return facts.length ? facts.slice(0, 3).join(', ') : `unlike this table (${rows} rows, ${columns} columns)`;
}

/** Decisions of the bank's first design that differ from the first design without it. */
export function priorChanges(before: Design, after: Design): { decision: string; before: string; after: string }[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names
    .filter((name) => before[name] !== after[name])
    .map((name) => ({ decision: name, before: String(before[name] ?? '–'), after: String(after[name] ?? '–') }));
}
