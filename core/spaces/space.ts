/**
 * A small language for search spaces: decisions with domains, where options of a choice open further decisions. A
 * design is a flat record of the decisions that are open, name -> value; names are unique along every path.
 */
import type { Random } from '../math/random.ts';

export type Value = string | number | boolean;
export type Design = Readonly<Record<string, Value>>;

interface DecisionBase {
  readonly name: string;
  /** For people, with `{}` for the value: "{} leaves". Left out: not worth telling. */
  readonly phrase?: string;
  /** What a design that lacks the decision means. */
  readonly fallback: Value;
}

export interface Choice extends DecisionBase {
  readonly kind: 'choice';
  readonly options: readonly Option[];
  /** Neighbouring options are alike. */
  readonly ordered?: boolean;
  /** Numbers between these are valid too, though random designs never draw them. */
  readonly also?: { readonly low: number; readonly high: number };
}

export interface Option {
  readonly value: Value;
  /** How often random designs take it, against its siblings; 1 by default. */
  readonly weight?: number;
  /** Decisions that are open only under this option. */
  readonly opens?: readonly Decision[];
}

export interface Range extends DecisionBase {
  readonly kind: 'range';
  readonly low: number;
  readonly high: number;
  readonly scale: 'linear' | 'log';
  readonly whole: boolean;
  /** Random designs take one of so many evenly spaced values (on the scale); `low` and `high` are two of them. */
  readonly levels: number;
}

export type Decision = Choice | Range;

export interface Space {
  readonly name: string;
  readonly version: number;
  readonly decisions: readonly Decision[];
}

export const choice = (
  name: string,
  options: readonly (Value | Option)[],
  more: Partial<Omit<Choice, 'kind' | 'name' | 'options'>> = {},
): Choice => {
  const full = options.map((option) => (typeof option === 'object' ? option : { value: option }));
  return { kind: 'choice', name, options: full, fallback: full[0]!.value, ...more };
};

type RangeOptions = Partial<DecisionBase> & {
  readonly scale?: 'linear' | 'log';
  readonly whole?: boolean;
  readonly levels?: number;
};

export const range = (name: string, low: number, high: number, more: RangeOptions = {}): Range => ({
  kind: 'range',
  name,
  low,
  high,
  scale: 'linear',
  whole: false,
  levels: 17,
  fallback: low,
  ...more,
});

/** The values random designs take, ascending; three significant digits keep texts short and duplicates findable. */
export function levelsOf(decision: Range): number[] {
  const { low, high, levels, scale, whole } = decision;
  const values = Array.from({ length: levels }, (_, i) => {
    const t = levels === 1 ? 0 : i / (levels - 1);
    const value = scale === 'log' ? low * (high / low) ** t : low + (high - low) * t;
    return whole ? Math.round(value) : Number(value.toPrecision(3));
  });
  return [...new Set(values)];
}

function optionOf(decision: Choice, value: Value): Option | undefined {
  return decision.options.find((option) => option.value === value);
}

/** The decisions that are open in `design`, in the order of the space, with their values (fallbacks included). */
export function openDecisions(space: Space, design: Design): { readonly decision: Decision; readonly value: Value }[] {
  const open: { decision: Decision; value: Value }[] = [];
  const walk = (decisions: readonly Decision[]) => {
    for (const decision of decisions) {
      const value = design[decision.name] ?? decision.fallback;
      open.push({ decision, value });
      if (decision.kind === 'choice') walk(optionOf(decision, value)?.opens ?? []);
    }
  };
  walk(space.decisions);
  return open;
}

/** All open decisions written out, closed ones removed. */
export function completeDesign(space: Space, design: Design): Design {
  return Object.fromEntries(openDecisions(space, design).map(({ decision, value }) => [decision.name, value]));
}

/** What is wrong with one value, in plain words; undefined when nothing is. */
function mistake(decision: Decision, value: Value): string | undefined {
  if (decision.kind === 'choice') {
    const { also, name } = decision;
    const between = also && typeof value === 'number' && value >= also.low && value <= also.high;
    return between || optionOf(decision, value) ? undefined : `${name} cannot be ${JSON.stringify(value)}.`;
  }
  const { name, low, high, whole } = decision;
  const fits = typeof value === 'number' && value >= low && value <= high && (!whole || Number.isInteger(value));
  const wanted = whole ? 'a whole number' : 'a number';
  return fits ? undefined : `${name} must be ${wanted} from ${low} to ${high}, not ${JSON.stringify(value)}.`;
}

/** What is wrong with a design, in plain words; empty when nothing is. Decisions of other branches are mistakes. */
export function checkDesign(space: Space, design: Design): string[] {
  const open = openDecisions(space, design);
  const problems = open.flatMap(({ decision, value }) => mistake(decision, value) ?? []);
  const names = new Set(open.map(({ decision }) => decision.name));
  for (const name of Object.keys(design)) if (!names.has(name)) problems.push(`${name} is not a decision here.`);
  return problems;
}

/** Draws every open decision independently, but for those that `fixed` holds a possible value of. */
export function sampleDesign(space: Space, random: Random, fixed: Design = {}): Design {
  const design: Record<string, Value> = {};
  const walk = (decisions: readonly Decision[]) => {
    for (const decision of decisions) {
      const given = fixed[decision.name];
      const value = given === undefined || mistake(decision, given) ? drawValue(decision, random) : given;
      design[decision.name] = value;
      if (decision.kind === 'choice') walk(optionOf(decision, value)?.opens ?? []);
    }
  };
  walk(space.decisions);
  return design;
}

function drawValue(decision: Decision, random: Random): Value {
  if (decision.kind === 'range') {
    const levels = levelsOf(decision);
    return levels[random.integer(levels.length)]!;
  }
  const total = decision.options.reduce((sum, option) => sum + (option.weight ?? 1), 0);
  let at = random.uniform() * total;
  for (const option of decision.options) {
    at -= option.weight ?? 1;
    if (at < 0) return option.value;
  }
  return decision.options[decision.options.length - 1]!.value;
}

/**
 * Changes exactly one open decision (never one of `keep`) to another value; decisions that this opens are drawn, ones it
 * closes removed. Ranges move to a near level half of the time. Null when nothing can change.
 */
export function mutateDesign(
  space: Space,
  design: Design,
  random: Random,
  keep: ReadonlySet<string> = new Set(),
): { readonly design: Design; readonly changed: string } | null {
  const open = openDecisions(space, design).filter(
    ({ decision }) =>
      !keep.has(decision.name) && (decision.kind === 'range' ? levelsOf(decision).length : decision.options.length) > 1,
  );
  if (open.length === 0) return null;
  const { decision, value } = open[random.integer(open.length)]!;
  const next = decision.kind === 'range' ? moveLevel(decision, value, random) : otherOption(decision, value, random);
  const before = completeDesign(space, design);
  const changed = { ...before, [decision.name]: next };
  return { design: sampleDesign(space, random, changed), changed: decision.name };
}

function moveLevel(decision: Range, value: Value, random: Random): Value {
  const levels = levelsOf(decision);
  const others = levels.filter((level) => level !== value);
  if (typeof value !== 'number' || random.uniform() < 0.5) return others[random.integer(others.length)]!;
  const distance = (a: number) => Math.abs(decision.scale === 'log' ? Math.log(a / value) : a - value);
  const near = others.toSorted((a, b) => distance(a) - distance(b)).slice(0, 4);
  return near[random.integer(near.length)]!;
}

function otherOption(decision: Choice, value: Value, random: Random): Value {
  const others = decision.options.filter((option) => option.value !== value);
  return others[random.integer(others.length)]!.value;
}

/** How many different designs random sampling can draw. */
export function countDesigns(space: Space): number {
  const count = (decisions: readonly Decision[]): number =>
    decisions.reduce((product, decision) => {
      if (decision.kind === 'range') return product * levelsOf(decision).length;
      return product * decision.options.reduce((sum, option) => sum + count(option.opens ?? []), 0);
    }, 1);
  return count(space.decisions);
}
