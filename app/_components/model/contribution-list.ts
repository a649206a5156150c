/** Which contributions are worth a line each. */

const shownColumns = 6;
/** Smaller shares of the largest contribution are not. */
const leastShare = 0.01;

export interface Contribution {
  readonly name: string;
  readonly value: number;
  /** Half of the 95 % interval; null where several columns are summed up. */
  readonly half: number | null;
}

/**
 * The largest first; small ones, and those beyond the first few, in one line.
 * @param names null for several columns together
 */
export function listContributions(
  names: readonly (string | null)[],
  values: ArrayLike<number>,
  errors: ArrayLike<number>,
): Contribution[] {
  const all = names.map((name, i) => ({ name, value: values[i] ?? 0, half: 1.96 * (errors[i] ?? 0) }));
  const sorted = all.sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const least = leastShare * Math.abs(sorted[0]?.value ?? 0);
  const listed = sorted.filter(({ name, value }) => name !== null && Math.abs(value) > least).slice(0, shownColumns);
  const rest = sorted.filter((one) => !listed.includes(one));
  const sum = rest.reduce((total, { value }) => total + value, 0);
  const shown = listed.map(({ name, ...one }): Contribution => ({ name: name ?? '', ...one }));
  return sum === 0 ? shown : [...shown, { name: 'all others', value: sum, half: null }];
}
