/** What looking into a finished model found: insights.json of a model, and what its page reads of it. */

/** Numbers above `from` and up to `to` (null is open), one value, or cells that are missing. */
export type SlicePart =
  | { readonly kind: 'range'; readonly from: number | null; readonly to: number | null }
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'missing' };

export interface SliceTerm {
  /** Column of the file, or what was read from it: "opened month". */
  readonly column: string;
  readonly part: SlicePart;
}

/** What a slice is judged by: its share of wrong labels, its mean absolute error, or its mean error in per cent. */
export type ErrorMeasure = 'wrong' | 'absolute' | 'percent';

/** Rows, by one or two columns, whose predictions are worse than those of all other rows. */
export interface Slice {
  readonly terms: readonly SliceTerm[];
  readonly rows: number;
  /** Mean error of its rows and of all others, as shares of 1 but for `absolute`. */
  readonly error: number;
  readonly elsewhere: number;
  /** Ends of the 95 % interval of the difference of both. */
  readonly low: number;
  readonly high: number;
  /** Share of all errors that there would not be if its rows were like the others. */
  readonly excess: number;
}

export interface SliceReport {
  readonly measure: ErrorMeasure;
  /** Training rows looked at, each predicted by models that have not seen it. */
  readonly rows: number;
  readonly error: number;
  /** Slices that were tested. */
  readonly tested: number;
  /** The most costly first. */
  readonly slices: readonly Slice[];
}

/** What one column does to predictions, in the units of `EffectReport.output`. */
export interface ColumnEffect {
  /** Null: all columns that are not listed by themselves, taken together. */
  readonly column: string | null;
  /** Mean size of its effects, with its 95 % interval over rows. */
  readonly size: number;
  readonly low: number;
  readonly high: number;
  /** One per explained row. */
  readonly effects: readonly number[];
  /** The column's cell in the same row, long texts cut; empty where several columns are taken together. */
  readonly cells: readonly (string | number | null)[];
}

export interface EffectReport {
  /** What effects add up to: the predicted number, the probability of one class, or that of whichever is predicted. */
  readonly output: { readonly kind: 'value' | 'predicted_class' } | { readonly kind: 'class'; readonly name: string };
  /** Rows that were explained, each against `background` others. */
  readonly rows: number;
  readonly background: number;
  /** The largest first. */
  readonly columns: readonly ColumnEffect[];
}

export interface InsightReport {
  readonly schema: 'warmstart.insights/1';
  readonly slices: SliceReport;
  readonly effects: EffectReport;
}

export interface InsightPage {
  readonly state: 'none' | 'queued' | 'ready';
  readonly report: InsightReport | null;
}
