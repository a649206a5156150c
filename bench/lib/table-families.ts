/** Families of made-up design tables, each with its own way of being unlike the published ones. Seeded. */
import { Random } from '#core/math/random.ts';
import { designKey } from '#core/proposers/history.ts';
import { choice, type Decision, type Design, type Space, sampleDesign } from '#core/spaces/space.ts';
import type { DesignTable } from './design-table.ts';

interface Family {
  readonly decisions: readonly Decision[];
  /** Designs of each table, drawn once for all tasks unless `ownDesigns`. */
  readonly designs: number;
  readonly tasks: number;
  /** Each task evaluated designs of its own. */
  readonly ownDesigns?: boolean;
  /** Share of a task's surface that all tasks have in common; below 0 they are opposed to the first one. */
  readonly shared: number;
  /** Weight of pairs of decisions against single ones. */
  readonly pairs: number;
  /** Deviation of noise against the surface's. */
  readonly noise: number;
  /** Share of designs that are far better than the surface says. */
  readonly needles?: number;
}

const letters = (count: number) => Array.from({ length: count }, (_, i) => String.fromCharCode(97 + i));
const words = (names: readonly string[], options: number) => names.map((name) => choice(name, letters(options)));
const numbers = (name: string, values: readonly number[]) => choice(name, values, { ordered: true });
const mixed: readonly Decision[] = [
  numbers('depth', [1, 2, 3, 4, 6, 8]),
  numbers('rate', [0.001, 0.003, 0.01, 0.03, 0.1]),
  choice('kind', letters(5)),
  choice('act', ['relu', 'gelu', 'silu']),
  choice('norm', [false, true]),
  numbers('width', [16, 32, 64, 128, 256]),
];

export const families: Readonly<Record<string, Family>> = {
  // Few designs and many tasks, and few of both.
  'small-many': { decisions: words(['a', 'b', 'c'], 4), designs: 64, tasks: 40, shared: 0.6, pairs: 0.5, noise: 0.3 },
  'tiny-many': { decisions: mixed, designs: 50, tasks: 100, shared: 0.5, pairs: 0.5, noise: 0.3 },
  'small-few': { decisions: mixed, designs: 300, tasks: 3, shared: 0.6, pairs: 0.5, noise: 0.3 },
  mixed: { decisions: mixed, designs: 2000, tasks: 6, shared: 0.6, pairs: 0.6, noise: 0.3 },
  wide: { decisions: words(letters(12), 3), designs: 3000, tasks: 8, shared: 0.5, pairs: 0.7, noise: 0.4 },
  'own-designs': { decisions: mixed, designs: 400, tasks: 8, ownDesigns: true, shared: 0.7, pairs: 0.5, noise: 0.3 },
  // Banks that know nothing, or the opposite.
  unlike: { decisions: mixed, designs: 1500, tasks: 6, shared: 0, pairs: 0.6, noise: 0.3 },
  opposed: { decisions: mixed, designs: 1500, tasks: 6, shared: -0.8, pairs: 0.6, noise: 0.3 },
  // Surfaces that models cannot learn.
  noise: { decisions: mixed, designs: 1000, tasks: 5, shared: 0, pairs: 0, noise: 30 },
  needles: { decisions: mixed, designs: 1500, tasks: 5, shared: 0.5, pairs: 0.5, noise: 0.2, needles: 0.01 },
};

/** A sum of effects of options and of pairs of options, standardised over `designs`. */
function surface(family: Family, designs: readonly Design[], random: Random): Float64Array {
  const effects = new Map<string, number>();
  const { decisions } = family;
  const slopes = decisions.map(() => ({
    slope: random.normal(),
    bend: random.normal(),
    weight: Math.exp(random.normal()),
  }));
  const effect = (key: string) => {
    let value = effects.get(key);
    if (value === undefined) {
      value = random.normal();
      effects.set(key, value);
    }
    return value;
  };
  const values = Float64Array.from(designs, (design) => {
    let sum = 0;
    decisions.forEach(({ name, ...decision }, d) => {
      const { slope, bend, weight } = slopes[d]!;
      if (decision.kind === 'choice' && decision.ordered) {
        const place = decision.options.findIndex(({ value }) => value === design[name]) / (decision.options.length - 1);
        sum += weight * (slope * 2 * (place - 0.5) + bend * 4 * (place - 0.5) ** 2);
      } else sum += weight * effect(`${name}=${design[name]}`);
      for (const other of decisions.slice(d + 1))
        sum += family.pairs * effect(`${name}=${design[name]},${other.name}=${design[other.name]}`);
    });
    return sum;
  });
  return standardise(values);
}

function standardise(values: Float64Array): Float64Array {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length) || 1;
  return values.map((v) => (v - mean) / deviation);
}

/** The tables of a family; those of another seed are other tasks. */
export function makeFamily(name: string, seed: number): DesignTable[] {
  const family = families[name];
  if (!family) throw new RangeError(`No family "${name}": ${Object.keys(families).join(', ')}.`);
  const random = new Random(seed);
  const space: Space = { name, version: 1, decisions: family.decisions };
  const draw = (count: number) => {
    const found = new Map<string, Design>();
    for (let i = 0; found.size < count && i < 50 * count; i++) {
      const design = sampleDesign(space, random);
      found.set(designKey(design), design);
    }
    return [...found.values()];
  };
  const all = draw(family.ownDesigns ? family.designs * 4 : family.designs);
  const common = surface(family, all, random);
  return Array.from({ length: family.tasks }, (_, t) => {
    const own = surface(family, all, random);
    const share = family.shared < 0 ? (t === 0 ? 1 : family.shared) : family.shared;
    const truth = all.map((_, i) => share * common[i]! + Math.sqrt(1 - Math.abs(share)) * own[i]!);
    const picked = family.ownDesigns
      ? random.shuffle(Array.from(all.keys())).slice(0, family.designs)
      : [...all.keys()];
    const needle = new Set(picked.filter(() => random.uniform() < (family.needles ?? 0)));
    const measured = () => picked.map((i) => truth[i]! - (needle.has(i) ? 6 : 0) + family.noise * random.normal());
    const losses = Float64Array.from(measured());
    const test = Float64Array.from(measured(), (loss) => -loss);
    const designs = picked.map((i) => all[i]!);
    return { name: `${name}/${t}`, space, designs, keys: designs.map(designKey), losses, test, costs: new Map() };
  });
}
