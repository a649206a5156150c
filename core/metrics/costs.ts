/** What mistakes cost, and the label that is cheapest to say (Elkan 2001: the one of least expected cost). */
import { meanOf } from './classification.ts';
import { decideLabels } from './labels.ts';
import type { Evaluator, MetricTask } from './types.ts';

/** Costs of mistakes by true class, then by the class that was said. */
export type NamedCosts = Readonly<Record<string, Readonly<Record<string, number>>>>;
/** By index of the true class, then of the class that was said; right labels cost nothing. */
export type CostMatrix = readonly (readonly number[])[];

const unitCosts = (classes: number): CostMatrix =>
  Array.from({ length: classes }, (_, a) => Array.from({ length: classes }, (_, b) => (a === b ? 0 : 1)));

/**
 * Costs in the order of the classes; mistakes that are not named cost 1.
 * @throws RangeError, in words for the person, where a class is unknown or no mistake costs anything
 */
export function costMatrix(classes: readonly string[], named: NamedCosts): CostMatrix {
  const indexOf = (name: string): number => {
    const index = classes.indexOf(name);
    if (index < 0) throw new RangeError(`Costs name the class "${name}", which the target does not have.`);
    return index;
  };
  const costs = unitCosts(classes.length).map((row) => [...row]);
  for (const [actual, row] of Object.entries(named)) {
    for (const [said, cost] of Object.entries(row)) {
      const [a, b] = [indexOf(actual), indexOf(said)];
      if (a === b && cost !== 0) throw new RangeError(`Saying "${said}" where it is right cannot cost anything.`);
      costs[a]![b] = cost;
    }
  }
  if (costs.flat().every((cost) => cost === 0))
    throw new RangeError('Every mistake is free, so there is nothing to learn.');
  return costs;
}

/**
 * The decision (see `decideLabels`) of least expected cost: of two classes factors on their probabilities, of more the
 * costs themselves, row by row. Null where it is the class of the largest probability.
 */
export function cheapestDecision(costs: CostMatrix): number[] | null {
  const flat = costs.flat();
  const mistakes = costs.flatMap((row, a) => row.filter((_, b) => a !== b));
  if (mistakes.every((cost) => cost === mistakes[0])) return null;
  // Saying the second class is cheaper where p(second) times the cost of missing it is more than the other way round.
  return costs.length === 2 ? [costs[0]![1]!, costs[1]![0]!] : flat;
}

/** Mean cost of the labels that the task's decision says, or the cheapest ones; every mistake costs 1 where costs are left out. */
export function meanCost(task: MetricTask, targets: ArrayLike<number>, probabilities: Float32Array): Evaluator {
  const costs = task.costs ?? unitCosts(task.classes);
  const labels = decideLabels(probabilities, task.classes, task.decision ?? cheapestDecision(costs) ?? undefined);
  return meanOf(Float64Array.from(labels, (label, i) => costs[targets[i]!]![label]!));
}
