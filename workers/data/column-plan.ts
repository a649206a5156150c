/** What a column of text might be: candidates from a sample, each with the SQL that proves it on every row. */
import type { ColumnType } from '#core/contracts/dataset.ts';
import { type DateShape, datePatterns, hasComma, namedShapes } from '#core/prep/date-shape.ts';
import { quoteText } from './duckdb.ts';
import { isMarker, missingMarkers, numberFormats, plainNumber } from './number-formats.ts';

export interface ColumnPlan {
  readonly type: ColumnType;
  /** SQL of the stored value: DOUBLE for numbers, VARCHAR for all else. */
  readonly value: string;
  /** SQL that is true for cells which are there but do not fit. */
  readonly misfit: string;
  readonly dateFormat?: string;
  /** For the list of corrections: what had to be read in a special way. */
  readonly words?: string;
  readonly plain?: boolean;
}

const markerList = missingMarkers.map(quoteText).join(', ');
/** SQL: the cell holds something. */
export const filled = (c: string): string => `trim(${c}) <> ''`;
/** No `IN`: DuckDB plans long lists as a join, and a join does not keep the order of the rows. */
const isMissing = (c: string): string => `list_contains(['', ${markerList}], lower(trim(${c})))`;
/** DuckDB takes `1_000` for a number; people do not. */
const asDouble = (c: string): string => `CASE WHEN contains(${c}, '_') THEN NULL ELSE try_cast(${c} AS DOUBLE) END`;
const finite = (x: string): string => `CASE WHEN isfinite(${x}) THEN ${x} END`;
export const full = (c: string, pattern: string): string => `regexp_full_match(${c}, ${quoteText(pattern)})`;

export function plainPlan(c: string): ColumnPlan {
  const value = asDouble(c);
  return {
    type: 'number',
    value: finite(value),
    // Zeros in front mark a code, not a quantity: 00123 must not become 123.
    misfit: `((${value}) IS NULL AND NOT ${isMissing(c)}) OR (${c} >= '00' AND ${c} < '0:')`,
    plain: true,
  };
}

/** Whatever is no number becomes missing: for a type that the person set. */
export const forcedNumberPlan = (c: string): ColumnPlan => ({
  type: 'number',
  value: finite(asDouble(c)),
  misfit: `((${asDouble(c)}) IS NULL AND NOT ${isMissing(c)})`,
});

function formatPlans(c: string, decimalCommaFirst: boolean): (ColumnPlan & { pattern: RegExp })[] {
  return numberFormats(decimalCommaFirst).map((format) => ({
    type: 'number',
    value: `CASE WHEN ${full(c, format.pattern)} THEN try_cast(${format.toPlain(c)} AS DOUBLE) END`,
    misfit: `NOT ${full(c, format.pattern)} AND NOT ${isMissing(c)}`,
    words: format.words,
    pattern: new RegExp(`^(?:${format.pattern})$`),
  }));
}

const numericShapes: readonly DateShape[] = (['-', '/', '.'] as const).flatMap((separator) =>
  // Where both orders fit every value, day first is the custom with dots and dashes, month first with slashes.
  (separator === '/' ? (['ymd', 'mdy', 'dmy'] as const) : (['ymd', 'dmy', 'mdy'] as const)).flatMap((order) =>
    ([null, ' ', 'T'] as const).map((time): DateShape => ({ order, separator, time })),
  ),
);

const shapes = [...numericShapes, ...namedShapes];

/** `YYYY-MM-DD`, `DD.MM.YYYY HH:mm:ss`, `MMM DD, YYYY`. */
export function dateFormat(shape: DateShape): string {
  const names = { y: 'YYYY', m: shape.named ? 'MMM' : 'MM', d: hasComma(shape) ? 'DD,' : 'DD' };
  const date = [...shape.order].map((letter) => names[letter as 'y' | 'm' | 'd']).join(shape.separator);
  return shape.time ? `${date}${shape.time}HH:mm:ss` : date;
}

export const datePattern = (shape: DateShape): string => {
  const patterns = datePatterns(shape);
  return shape.time ? `${patterns.date}|${patterns.minutes}|${patterns.seconds}` : patterns.date;
};

export function datePlans(c: string): (ColumnPlan & { pattern: RegExp; shape: DateShape })[] {
  return shapes.map((shape) => ({
    type: 'date',
    value: `CASE WHEN NOT ${isMissing(c)} THEN ${c} END`,
    misfit: `NOT ${full(c, datePattern(shape))} AND NOT ${isMissing(c)}`,
    dateFormat: dateFormat(shape),
    pattern: new RegExp(`^(?:${datePattern(shape)})$`),
    shape,
  }));
}

const booleanPairs = [
  ['true', 'false'],
  ['yes', 'no'],
  ['t', 'f'],
  ['y', 'n'],
  ['on', 'off'],
  ['ja', 'nein'],
  ['wahr', 'falsch'],
  ['oui', 'non'],
  ['vrai', 'faux'],
  ['sí', 'no'],
] as const;

function booleanPlans(c: string): (ColumnPlan & { pair: readonly [string, string] })[] {
  return booleanPairs.map((pair) => ({
    type: 'boolean',
    value: `CASE WHEN NOT ${isMissing(c)} THEN ${c} END`,
    misfit: `lower(trim(${c})) NOT IN ('${pair[0]}', '${pair[1]}') AND NOT ${isMissing(c)}`,
    pair,
  }));
}

/** Numbers that the quick check found without exception: no marker, infinity or underscore is among them. */
export const cleanNumberPlan = (c: string): ColumnPlan => ({
  type: 'number',
  value: `try_cast(${c} AS DOUBLE)`,
  misfit: 'false',
  plain: true,
});

/** Text is kept as it stands; only empty cells are missing, because `NA` or `None` may well be a category. */
export const textPlan = (c: string, type: 'category' | 'text' | 'boolean' | 'ignore'): ColumnPlan => ({
  type,
  // Nearly all cells begin with a visible character and need no trimming.
  value: `CASE WHEN ${c} >= '!' THEN ${c} WHEN ${filled(c)} THEN ${c} END`,
  misfit: 'false',
});

/**
 * Candidates that fit all filled cells of the sample, likeliest first. The last resort, text, is not among them.
 * @param sample cells that are not empty
 */
export function candidatePlans(c: string, sample: readonly string[], decimalCommaFirst: boolean): ColumnPlan[] {
  const cells = sample.filter((cell) => !isMarker(cell));
  if (cells.length === 0) return sample.length ? [plainPlan(c)] : [];
  const all = (pattern: RegExp) => cells.every((cell) => pattern.test(cell));
  if (all(plainNumber)) {
    // All digits with one comma-free spelling: separators may still turn up in later rows.
    return [plainPlan(c), ...formatPlans(c, decimalCommaFirst)];
  }
  const some = cells[0] ?? '';
  if (/[0-9]/.test(some)) {
    const formats = formatPlans(c, decimalCommaFirst).filter((plan) => all(plan.pattern));
    if (formats.length) return formats;
    return datePlans(c).filter((plan) => all(plan.pattern));
  }
  return booleanPlans(c).filter((plan) => cells.every((cell) => plan.pair.includes(cell.trim().toLowerCase())));
}

/** Free text is long, wordy and mostly unique; everything else is a category. */
export function textOrCategory(sample: readonly string[]): 'category' | 'text' {
  if (sample.length === 0) return 'category';
  const distinct = new Set(sample).size;
  const words = sample.reduce((sum, cell) => sum + cell.trim().split(/\s+/).length, 0) / sample.length;
  return distinct > 0.5 * sample.length && distinct > 10 && words >= 3 ? 'text' : 'category';
}
