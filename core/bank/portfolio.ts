/**
 * What the bank suggests for a new task: designs that together did well on its tasks, similar ones counting more.
 * Similarity tilts an average over all tasks and never decides alone: every task keeps a floor of weight.
 */
import type { Direction } from '../contracts/task.ts';
import type { Design } from '../spaces/space.ts';
import type { MetaFeatures } from './meta-features.ts';
import { likeness, similarityWeights } from './similarity.ts';

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

/** 0 for a task's best trial, 1 for its median and below. */
export function regretsOf(task: BankTask): Map<string, number> {
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

/** Decisions of the bank's first design that differ from the first design without it. */
export function priorChanges(before: Design, after: Design): { decision: string; before: string; after: string }[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names
    .filter((name) => before[name] !== after[name])
    .map((name) => ({ decision: name, before: String(before[name] ?? '–'), after: String(after[name] ?? '–') }));
}
