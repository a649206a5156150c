/** A space as a tree: decisions in their order, ordered ones halved until one value is left (DeepArchitect's bisection). */
import { type Decision, type Design, levelsOf, type Space, type Value } from '../spaces/space.ts';

/** A place where ways part. */
export interface Fork {
  readonly decision: Decision;
  /** Values that each way leaves, one or more. */
  readonly branches: readonly (readonly Value[])[];
}

/** Ordered values up to so many stand side by side instead of in halves. */
const SIDE_BY_SIDE = 3;

const valueCache = new WeakMap<Decision, readonly Value[]>();

/** Values that random designs take, remembered with the decision. */
function valuesOf(decision: Decision): readonly Value[] {
  let known = valueCache.get(decision);
  if (!known) {
    known =
      decision.kind === 'range'
        ? levelsOf(decision)
        : decision.options.filter(({ weight }) => weight !== 0).map(({ value }) => value);
    valueCache.set(decision, known);
  }
  return known;
}

function branchesOf(decision: Decision, left: readonly Value[]): (readonly Value[])[] {
  const ordered = decision.kind === 'range' || decision.ordered === true;
  if (!ordered || left.length <= SIDE_BY_SIDE) return left.map((value) => [value]);
  const middle = left.length >> 1;
  return [left.slice(0, middle), left.slice(middle)];
}

/** Walks from the root to a design, `choose` saying which way at every fork; null when it says null. */
export function descend(space: Space, choose: (fork: Fork) => number | null): Design | null {
  const design: Record<string, Value> = {};
  const walk = (decisions: readonly Decision[]): boolean =>
    decisions.every((decision) => {
      let left = valuesOf(decision);
      while (left.length > 1) {
        const branches = branchesOf(decision, left);
        const way = choose({ decision, branches });
        if (way === null) return false;
        left = branches[way]!;
      }
      const value = left[0] ?? decision.fallback;
      design[decision.name] = value;
      if (decision.kind === 'range') return true;
      return walk(decision.options.find((option) => option.value === value)?.opens ?? []);
    });
  return walk(space.decisions) ? design : null;
}

/** The way towards `value`; numbers between the values of a range go with the nearest. */
export function wayTo({ branches }: Fork, value: Value): number {
  const exact = branches.findIndex((branch) => branch.includes(value));
  if (exact >= 0 || typeof value !== 'number') return Math.max(0, exact);
  const distance = (branch: readonly Value[]) =>
    Math.min(...branch.map((v) => (typeof v === 'number' ? Math.abs(v - value) : Number.POSITIVE_INFINITY)));
  const distances = branches.map(distance);
  return distances.indexOf(Math.min(...distances));
}

/** How often random designs go each way, up to a factor. */
export function weightsOf({ decision, branches }: Fork): number[] {
  if (decision.kind === 'range') return branches.map((branch) => branch.length);
  const weight = new Map(decision.options.map((option) => [option.value, option.weight ?? 1]));
  return branches.map((branch) => branch.reduce<number>((sum, value) => sum + (weight.get(value) ?? 0), 0));
}
