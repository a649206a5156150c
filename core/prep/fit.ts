/** Decides from training rows how each column becomes features. Nothing here looks at the target. */
import type { ColumnType } from '../contracts/dataset.ts';
import { missingMarkers } from '../serve/cell.ts';
import { readDates } from './date-features.ts';
import { detectDateShape } from './date-shape.ts';
import { type Bounds, type ColumnPlan, dateParts, type Preparation, type UnusedPlan } from './plan.ts';
import { asNumbers, asStrings, columnsByName, type StringColumn, type Table, type TableColumn } from './table.ts';
import { chooseTerms } from './terms.ts';
import { chooseWords, surveyWords } from './words.ts';

/** What preparation must know of a column; a ColumnProfile has it. */
export interface ColumnSpec {
  readonly name: string;
  readonly type: ColumnType;
  readonly wide?: boolean;
  readonly dateFormat?: string | null | undefined;
  /** Declared as an input and not used: group and time columns of the split, for example. */
  readonly exclude?: boolean;
  /** Of a column of numbers: see `Features.directions`. */
  readonly direction?: 1 | -1 | undefined;
}

export interface PreparationOptions {
  /** Known categories per column at most; the commonest stay. */
  readonly maxCategories?: number;
  /** Word features per text column at most. */
  readonly maxWords?: number;
  /** Strings that mean missing besides the empty one, where a column does not hold them as categories of its own. */
  readonly missingMarkers?: readonly string[];
  /** Integer columns with at most this many distinct values are also coded as categories; 0 switches it off. */
  readonly codedIntegers?: number;
}

/** Integer columns that are also coded; where more qualify, none is. */
const MAX_CODED = 16;

/** What reading files takes for missing, in the spellings that occur; a graph can only compare. */
const spelledMarkers = [
  ...new Set(missingMarkers.flatMap((m) => [m, m.toUpperCase(), m.charAt(0).toUpperCase() + m.slice(1)])),
  'NaN',
].filter((marker) => marker !== '');

/** Names that the outputs of the graph have or may get, and the one that a JavaScript object of feeds cannot hold. */
const reservedNames = new Set(['label', 'probabilities', 'value', 'value_lower', 'value_upper', '__proto__']);

/**
 * Fits a preparation on training rows.
 * @param columns the columns to use, without target and ignored ones; columns of type `ignore` are passed over.
 *   Columns that the table lacks count as missing throughout.
 */
export function fitPreparation(
  table: Table,
  columns: readonly ColumnSpec[],
  options: PreparationOptions = {},
): Preparation {
  const markers = options.missingMarkers ?? spelledMarkers;
  const used = new Set(reservedNames);
  const headers = new Set(columns.map((column) => column.name));
  const found = columnsByName(table);
  const plans = columns
    .filter((column) => column.type !== 'ignore')
    .map((spec) => {
      let input = spec.name;
      while (used.has(input) || (input !== spec.name && headers.has(input))) input += '_input';
      used.add(input);
      return planColumn(found.get(spec.name), table.rows, spec, input, options);
    });
  // Many such columns are a grid of counts or pixels: coding each would double the table and say nothing new.
  const coded = plans.filter((plan) => plan.kind === 'number' && plan.coded).length;
  const lean =
    coded <= MAX_CODED ? plans : plans.map((plan) => (plan.kind === 'number' ? { ...plan, coded: null } : plan));
  return { version: 1, columns: lean, missingMarkers: markers };
}

function planColumn(
  column: TableColumn | undefined,
  rows: number,
  spec: ColumnSpec,
  input: string,
  options: PreparationOptions,
): ColumnPlan {
  const type = spec.type as Exclude<ColumnType, 'ignore'>;
  const base = { name: spec.name, input, type };
  if (type === 'number') {
    const values = column ? asNumbers(column) : new Float64Array(rows).fill(Number.NaN);
    return planNumber(base, values, spec, options);
  }
  const strings = column
    ? asStrings(column)
    : { kind: 'string' as const, name: spec.name, codes: new Int32Array(rows).fill(-1), dictionary: [] };
  return planString(base, strings, spec, options);
}

type Base = Pick<UnusedPlan, 'name' | 'input' | 'type'>;

function planNumber(base: Base, values: Float64Array, spec: ColumnSpec, options: PreparationOptions): ColumnPlan {
  const facts = describeNumbers(values);
  const { count, min, max, typical } = facts;
  const unused = (reason: UnusedPlan['reason']): UnusedPlan => ({
    ...base,
    kind: 'unused',
    tensor: spec.wide ? 'float64' : 'float32',
    reason,
    typical: count > 0 ? typical : null,
  });
  if (spec.exclude) return unused('excluded');
  if (count === 0 || (min === max && values.length - count < 2)) return unused('constant');
  if (looksLikeRowNumber(values, facts)) return unused('identifier');
  const wide = spec.wide ?? false;
  const offset = wide ? Math.round(typical) : 0;
  const bounds = stretch(min - offset, max - offset);
  const { direction } = spec;
  // Categories know no direction.
  const coded = facts.whole && !direction ? codedValues(values, count, offset, options.codedIntegers ?? 0) : null;
  const directed = direction ? { direction } : {};
  return { ...base, kind: 'number', wide, offset, bounds, ...directed, coded, min, max, typical };
}

interface NumberFacts {
  /** Finite values. */
  readonly count: number;
  readonly min: number;
  readonly max: number;
  /** All finite values are integers. */
  readonly whole: boolean;
  /** Median of a sample of the finite values. */
  readonly typical: number;
}

function describeNumbers(values: Float64Array): NumberFacts {
  let [count, min, max, whole] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, true];
  const sample: number[] = [];
  const step = Math.max(1, Math.floor(values.length / 4000));
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    if (count++ % step === 0) sample.push(value);
    if (value < min) min = value;
    if (value > max) max = value;
    if (whole && !Number.isInteger(value)) whole = false;
  }
  const typical = sample.sort((a, b) => a - b)[sample.length >> 1] ?? 0;
  return { count, min, max, whole, typical };
}

/** Twice the training range: models stay near what they saw, and infinities become finite. */
function stretch(low: number, high: number): Bounds {
  const limit = 3.4028234663852886e38;
  const clamp = (value: number) => Math.fround(Math.max(-limit, Math.min(limit, value)));
  const range = high - low;
  return { low: clamp(low - range), high: clamp(high + range) };
}

/** All different, all integers, and nearly every integer between first and last is there. */
function looksLikeRowNumber(values: Float64Array, { count, min, max, whole }: NumberFacts): boolean {
  const rows = values.length;
  if (!whole || count < rows || rows < 50 || max - min > 2 * rows) return false;
  const seen = new Uint8Array(max - min + 1);
  for (const value of values) {
    if (seen[value - min] === 1) return false;
    seen[value - min] = 1;
  }
  return true;
}

function codedValues(values: Float64Array, count: number, offset: number, limit: number): number[] | null {
  if (limit < 3) return null;
  const counts = new Map<number, number>();
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    const key = Math.fround(value - offset);
    counts.set(key, (counts.get(key) ?? 0) + 1);
    if (counts.size > limit) return null;
  }
  if (counts.size < 3) return null;
  const minimum = minimumCount(count);
  return [...counts.entries()]
    .filter(([, rows]) => rows >= minimum)
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .map(([value]) => value);
}

/** Rare values are pooled where they are no more than these, or the others at least this share of the rows. */
const MOST_POOLED = 20;
const POOLED_BELOW = 0.98;

/** Rows a category must have; fewer makes it "rare", which trains the code that unseen values get. */
export function minimumCount(rows: number): number {
  return Math.max(2, Math.min(10, Math.round(rows / 1000)));
}

function planString(base: Base, column: StringColumn, spec: ColumnSpec, options: PreparationOptions): ColumnPlan {
  const counts = new Float64Array(column.dictionary.length);
  for (const code of column.codes) if (code >= 0) counts[code]!++;
  const present = column.dictionary
    .map((text, i) => ({ text, count: counts[i]! }))
    .filter(({ text, count }) => count > 0 && text !== '')
    .sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1));
  const filled = present.reduce((sum, { count }) => sum + count, 0);
  const missing = column.codes.length - filled;
  const typical = present[0]?.text ?? null;
  const unused = (reason: UnusedPlan['reason']): UnusedPlan => ({
    ...base,
    kind: 'unused',
    tensor: 'string',
    reason,
    typical,
  });
  if (spec.exclude) return unused('excluded');
  if (present.length === 0 || (present.length === 1 && missing < 2)) return unused('constant');
  if (base.type === 'date') {
    const plan = planDate(base, present, spec.dateFormat);
    if (plan) return plan;
  }
  const coverage = (least: number) =>
    present.reduce((sum, { count }) => sum + (count >= least ? count : 0), 0) / Math.max(1, filled);
  const usual = minimumCount(column.codes.length);
  // Where many rows would be pooled as rare though values repeat (customers, postcodes), every value keeps its code:
  // it says much, and whether a row's own value is known must not hang on that row, or validation flatters.
  const rare = present.filter(({ count }) => count < usual).length;
  const repeated = rare > MOST_POOLED && coverage(usual) < POOLED_BELOW && coverage(2) >= 0.5;
  const all = base.type === 'boolean' || repeated;
  const minimum = all ? 1 : usual;
  const known = present.filter(({ count }) => count >= minimum).slice(0, options.maxCategories ?? 4000);
  const covered = known.reduce((sum, { count }) => sum + count, 0);
  const sparse = covered < 0.5 * filled;
  // Words of a long table must leave room for the other columns: 30 million counts are 120 MB.
  const room = Math.max(10, Math.floor(3e7 / column.codes.length));
  const wordLimit = Math.min(room, options.maxWords ?? (base.type === 'text' ? 200 : 60));
  const survey = base.type !== 'boolean' && (base.type === 'text' || sparse) ? surveyWords(column) : null;
  const list = survey && chooseWords(survey, wordLimit, Math.max(usual + 1, Math.ceil(0.003 * filled)));
  const terms = survey && list ? chooseTerms(column, survey) : undefined;
  // Where nearly every value is its own category, codes only invite memorising.
  const categories = known.length > 0 && covered >= 0.05 * filled ? known.map(({ text }) => text) : null;
  if (!categories && !list && missing < 2) return unused('identifier');
  return {
    ...base,
    kind: 'string',
    categories: categories ?? (list ? null : []),
    words: list?.spellings ?? null,
    wordNames: list?.names ?? null,
    ...(terms ? { terms } : {}),
    typical,
  };
}

function planDate(
  base: Base,
  present: readonly { text: string; count: number }[],
  hint?: string | null,
): ColumnPlan | null {
  // A sample decides the shape; every value is then read with it.
  const sample = present.slice(0, 500);
  const shape = detectDateShape(
    sample.map(({ text }) => text),
    sample.map(({ count }) => count),
    hint,
  );
  if (!shape) return null;
  const texts = present.map(({ text }) => text);
  const days = readDates({ shape, parts: ['elapsed'], origin: 0 }, texts).flatMap((value) => value ?? []);
  const sortedDays = Float64Array.from(days).sort();
  const origin = Math.floor(sortedDays[sortedDays.length >> 1] ?? 0);
  const features = readDates({ shape, parts: dateParts, origin }, texts).filter((value) => value !== null);
  const ranges = dateParts.map((_, i) => {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const row of features) {
      low = Math.min(low, row[i]!);
      high = Math.max(high, row[i]!);
    }
    return { low, high };
  });
  const kept = dateParts.map((part, i) => ({ part, ...ranges[i]! })).filter(({ low, high }) => high > low);
  if (kept.length === 0) return null;
  return {
    ...base,
    kind: 'date',
    shape,
    parts: kept.map(({ part }) => part),
    origin,
    bounds: kept.map(({ low, high }) => stretch(low, high)),
    typical: present[0]?.text ?? null,
  };
}
