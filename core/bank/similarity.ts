/** Which tasks are alike: distances between standardised meta-features, weights made of them, and the likeness in words. */
import type { MetaFeatures } from './meta-features.ts';

/** Share of the weight that is spread evenly over all tasks. */
const FLOOR = 0.3;

/**
 * Every task's meta-features with mean 0 and variance 1 over the given tasks; those that do not differ are left out, and
 * one that a task lacks counts as 0.
 * @param names which features, in what order
 * @returns [tasks][features that differ], and the names of those
 */
export function standardised(
  tasks: readonly MetaFeatures[],
  names: readonly string[],
): { readonly points: number[][]; readonly names: string[] } {
  const points = tasks.map(() => [] as number[]);
  const kept: string[] = [];
  for (const name of names) {
    const values = tasks.map((task) => task[name] ?? 0);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
    if (!(deviation > 1e-9)) continue;
    kept.push(name);
    points.forEach((point, i) => {
      point.push((values[i]! - mean) / deviation);
    });
  }
  return { points, names: kept };
}

/**
 * Softmax of negative squared distances, mixed with an even floor; sums to 1.
 * @param target may know some of the features only: the others say nothing then
 */
export function similarityWeights(target: MetaFeatures, tasks: readonly MetaFeatures[]): number[] {
  const names = Object.keys(target);
  const [own = [], ...others] = standardised([target, ...tasks], names).points;
  const distances = others.map((point) => point.reduce((sum, v, i) => sum + (v - own[i]!) ** 2, 0) / names.length);
  const nearest = Math.min(...distances);
  const raw = distances.map((distance) => Math.exp(-2 * (distance - nearest)));
  const total = raw.reduce((a, b) => a + b, 0);
  return raw.map((value) => ((1 - FLOOR) * value) / total + FLOOR / tasks.length);
}

/** The strongest likeness in plain words. */
export function likeness(target: MetaFeatures, task: MetaFeatures): string {
  const near = (name: string, within: number) => Math.abs((target[name] ?? Number.NaN) - (task[name] ?? 0)) <= within;
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
