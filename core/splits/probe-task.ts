/** A sample of rows as the probe sees it: those with a target, the target as learners take it, the columns to learn from. */
import type { ColumnProfile, Profile } from '../contracts/dataset.ts';
import type { Features, Target } from '../contracts/learner.ts';
import type { ProbeMetric } from '../contracts/splits.ts';
import type { TaskKind } from '../contracts/task.ts';
import { Random } from '../math/random.ts';
import { type ColumnSpec, fitPreparation, prepare } from '../prep/preparation.ts';
import { findColumn, type Table, type TableColumn, takeRows } from '../prep/table.ts';
import { strataOf } from '../tasks/strata.ts';
import { fitTarget, learnerTarget, rowsWithTarget } from '../tasks/target.ts';

/** Rows of a version. */
export interface SampledRows {
  readonly table: Table;
  /** Where each row stands in the version, ascending. */
  readonly rows: Int32Array;
}

/** What a report is about. */
export interface Subject {
  readonly profile: Profile;
  readonly target: string;
  readonly kind: TaskKind;
  readonly seed: number;
}

export interface ProbeTask extends SampledRows {
  /** What there is to learn from. */
  readonly columns: readonly ColumnProfile[];
  /** Those of them that ingest found to have another value in (nearly) every row. */
  readonly identifiers: readonly string[];
  readonly targetColumn: TableColumn;
  readonly targetProfile: ColumnProfile;
  readonly target: Target;
  readonly strata: Int32Array;
  readonly metric: ProbeMetric;
}

/** More classes cost time in proportion and hardly change which rows go together: the rarest are one class. */
const MOST_CLASSES = 10;
/** Integer columns of so few values are read as categories too, as searches do. */
const codedIntegers = 20;

/** @throws RangeError in words for the person when the target holds nothing to learn */
export function readProbeTask(sampled: SampledRows, { profile, target, kind }: Subject): ProbeTask {
  const whole = findColumn(sampled.table, target);
  const targetProfile = profile.columns.find(({ name }) => name === target);
  if (!whole || !targetProfile) throw new RangeError(`There is no target column "${target}".`);
  const present = rowsWithTarget(whole);
  const table = takeRows(sampled.table, present);
  const targetColumn = findColumn(table, target)!;
  const { plan, values } = fitTarget(targetColumn, kind);
  const classes = plan.problem === 'regression' ? 1 : plan.classes.length;
  const pooled = classes > MOST_CLASSES ? poolRare(values, classes) : values;
  const learned: Target =
    pooled === values
      ? learnerTarget(plan, values)
      : { problem: 'multiclass', classes: MOST_CLASSES, values: Float32Array.from(pooled) };
  return {
    table,
    rows: Int32Array.from(present, (row) => sampled.rows[row]!),
    columns: profile.columns.filter(({ name, type }) => name !== target && type !== 'ignore'),
    identifiers: identifiersOf(profile),
    targetColumn,
    targetProfile,
    target: learned,
    strata: learned.problem === 'regression' ? strataOf(plan, values) : Int32Array.from(pooled),
    metric: kind === 'regression' ? 'r2' : learned.classes === 2 ? 'roc_auc' : 'accuracy',
  };
}

/** Class numbers by falling frequency, the rarest ones joined. */
function poolRare(values: Float64Array, classes: number): Float64Array {
  const counts = new Float64Array(classes);
  for (const value of values) counts[value]!++;
  const order = Array.from(counts.keys()).sort((a, b) => counts[b]! - counts[a]! || a - b);
  const place = new Float64Array(classes);
  order.forEach((value, i) => {
    place[value] = Math.min(i, MOST_CLASSES - 1);
  });
  return values.map((value) => place[value]!);
}

/**
 * The columns as learners read them, without some and without the terms of texts, which cost more than they tell here.
 * @returns null where nothing is left to learn from
 */
export function readFeatures(
  { table, columns }: Pick<ProbeTask, 'table' | 'columns'>,
  without: ReadonlySet<string> = new Set(),
): Features | null {
  const specs = columns
    .filter(({ name }) => !without.has(name))
    .map(({ name, type, wide, dateFormat }): ColumnSpec => ({ name, type, wide, dateFormat }));
  const { texts: _, ...features } = prepare(fitPreparation(table, specs, { codedIntegers }), table);
  return features.numericNames.length + features.categoricalNames.length > 0 ? features : null;
}

/** For `targetLinks`, which fits on even rows what it scores on odd ones: a file that alternates would deceive it. */
export const inRandomOrder = (table: Table, seed: number): Table =>
  takeRows(table, new Random(seed).shuffle(Int32Array.from({ length: table.rows }, (_, row) => row)));

export const identifiersOf = ({ warnings }: Profile): string[] =>
  warnings.flatMap(({ code, column }) => (code === 'identifier' && column ? [column] : []));
