/** The types of a preparation: plain JSON, one plan per graph input. */
import type { ColumnType } from '../contracts/dataset.ts';
import type { Features } from '../contracts/learner.ts';
import type { DateShape } from './date-shape.ts';
import type { TermPlan } from './terms.ts';

interface PlanBase {
  /** Header in the file. */
  readonly name: string;
  /** Name of the graph input. */
  readonly input: string;
  readonly type: Exclude<ColumnType, 'ignore'>;
}

/** Of numeric features derived from a column: values below `low` or above `high` are set to them; NaN stays. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

export interface NumberPlan extends PlanBase {
  readonly kind: 'number';
  /** Double input; `offset` is subtracted in double before the cast to float32. */
  readonly wide: boolean;
  readonly offset: number;
  readonly bounds: Bounds;
  /** See `Features.directions`; left out where there is none. */
  readonly direction?: 1 | -1;
  /** Values (after offset and cast) that also make a categorical column, commonest first; null when not coded. */
  readonly coded: readonly number[] | null;
  /** For forms and documents. */
  readonly min: number;
  readonly max: number;
  readonly typical: number;
}

export interface StringPlan extends PlanBase {
  readonly kind: 'string';
  /** Known values, commonest first: code 2 and up. Null: not used as a category. */
  readonly categories: readonly string[] | null;
  /** For each word feature all spellings seen in training; null: no word features. */
  readonly words: readonly (readonly string[])[] | null;
  readonly wordNames: readonly string[] | null;
  /** Terms of a text column; left out where it has none. */
  readonly terms?: TermPlan;
  readonly typical: string | null;
}

export const dateParts = ['year', 'month', 'day', 'weekday', 'yearday', 'hour', 'minute', 'elapsed'] as const;
export type DatePart = (typeof dateParts)[number];

export interface DatePlan extends PlanBase {
  readonly kind: 'date';
  readonly shape: DateShape;
  readonly parts: readonly DatePart[];
  /** Days since 1970-01-01 from which `elapsed` counts. */
  readonly origin: number;
  readonly bounds: readonly Bounds[];
  readonly typical: string | null;
}

/** An input that the graph declares (every column of the file is one) but that says nothing: constants and ids. */
export interface UnusedPlan extends PlanBase {
  readonly kind: 'unused';
  readonly tensor: 'float32' | 'float64' | 'string';
  readonly reason: 'constant' | 'identifier' | 'excluded';
  readonly typical: string | number | null;
}

export type ColumnPlan = NumberPlan | StringPlan | DatePlan | UnusedPlan;

/** How raw columns become features; JSON, so it travels between processes and into receipts. */
export interface Preparation {
  readonly version: 1;
  readonly columns: readonly ColumnPlan[];
  /** Strings that mean missing besides the empty one, in columns that do not know them as categories. */
  readonly missingMarkers: readonly string[];
}

/** Element type of the graph input of a column. */
export function tensorOf(plan: ColumnPlan): 'float32' | 'float64' | 'string' {
  if (plan.kind === 'number') return plan.wide ? 'float64' : 'float32';
  return plan.kind === 'unused' ? plan.tensor : 'string';
}

export type FeatureShape = Pick<Features, 'numericNames' | 'categoricalNames' | 'cardinalities' | 'directions'>;

/** Names and sizes of the features a preparation gives, in the order of `prepare` and `emitPreparation`. */
export function featureShape(preparation: Preparation): FeatureShape {
  const numericNames: string[] = [];
  const categoricalNames: string[] = [];
  const cardinalities: number[] = [];
  const directions: (1 | 0 | -1)[] = [];
  for (const plan of preparation.columns) {
    if (plan.kind === 'number') {
      directions[numericNames.length] = plan.direction ?? 0;
      numericNames.push(plan.name);
      if (plan.coded) {
        categoricalNames.push(plan.name);
        cardinalities.push(plan.coded.length + 2);
      }
    } else if (plan.kind === 'date') {
      for (const part of plan.parts) numericNames.push(`${plan.name} ${part}`);
    } else if (plan.kind === 'string') {
      if (plan.categories) {
        categoricalNames.push(plan.name);
        cardinalities.push(plan.categories.length + 2);
      }
      if (plan.wordNames) {
        numericNames.push(`${plan.name} words`);
        for (const word of plan.wordNames) numericNames.push(`${plan.name} “${word}”`);
      }
    }
  }
  const directed = directions.some((direction) => direction !== 0);
  return {
    numericNames,
    categoricalNames,
    cardinalities,
    ...(directed ? { directions: numericNames.map((_, j) => directions[j] ?? 0) } : {}),
  };
}
