/** Columns cut into parts, so that rows can be told apart by them in words. */
import type { SlicePart } from '../contracts/insights.ts';
import { quantile } from '../math/sort.ts';

export interface Cut {
  readonly column: string;
  readonly parts: readonly SlicePart[];
  /** The part that each row is in; -1 for rows in none. */
  readonly of: Int16Array;
}

/** Numbers of at most so many values are cut into these; others at every fifth of their rows. */
const FEW_VALUES = 20;
const FIFTHS = [0.2, 0.4, 0.6, 0.8];
/** Rows that quantiles are taken from. */
const MOST_SORTED = 20_000;
const MOST_CATEGORIES = 40;

/**
 * @param values NaN is missing
 * @param say a value in words
 */
export function cutNumbers(column: string, values: ArrayLike<number>, say: (value: number) => string = String): Cut {
  const few = distinct(values);
  const edges = few ? [] : fifthsOf(values);
  const parts: SlicePart[] = few
    ? few.map((value): SlicePart => ({ kind: 'value', value: say(value) }))
    : [...edges, null].map((to, i): SlicePart => ({ kind: 'range', from: edges[i - 1] ?? null, to }));
  const places = new Map(few?.map((value, i) => [value, i]));
  const missing = parts.length;
  const of = Int16Array.from(values, (value) => {
    if (Number.isNaN(value)) return missing;
    if (few) return places.get(value) ?? -1;
    const place = edges.findIndex((edge) => value <= edge);
    return place < 0 ? edges.length : place;
  });
  return { column, parts: [...parts, { kind: 'missing' }], of };
}

/** @param codes 0 is missing, 1 unseen or rare, from 2 on `categories`, commonest first */
export function cutCategories(column: string, codes: ArrayLike<number>, categories: readonly string[]): Cut {
  const known = categories.slice(0, MOST_CATEGORIES);
  const of = Int16Array.from(codes, (code) => (code === 0 ? known.length : code - 2 < known.length ? code - 2 : -1));
  const parts = known.map((value): SlicePart => ({ kind: 'value', value }));
  return { column, parts: [...parts, { kind: 'missing' }], of };
}

/** The values, ascending, where they are few; else null. */
function distinct(values: ArrayLike<number>): number[] | null {
  const found = new Set<number>();
  for (let i = 0; i < values.length; i++) {
    if (!Number.isNaN(values[i]!)) found.add(values[i]!);
    if (found.size > FEW_VALUES) return null;
  }
  return [...found].sort((a, b) => a - b);
}

/** Ends of the first four fifths of the rows, ascending, as round as a twentieth of the column's spread allows. */
function fifthsOf(values: ArrayLike<number>): number[] {
  const step = Math.ceil(values.length / MOST_SORTED);
  const sorted = Float64Array.from({ length: Math.floor(values.length / step) }, (_, i) => values[i * step]!)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const spread = quantile(sorted, 0.9) - quantile(sorted, 0.1) || quantile(sorted, 1) - quantile(sorted, 0);
  if (!(spread > 0)) return [];
  const unit = 10 ** Math.floor(Math.log10(spread / 20));
  const edges = FIFTHS.map((share) => Number((Math.round(quantile(sorted, share) / unit) * unit).toPrecision(12)));
  return [...new Set(edges)];
}
