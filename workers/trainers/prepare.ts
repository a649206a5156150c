/** Turns a sealed task's training rows into features, target and folds. */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { metaFeatures as measureTask } from '#core/bank/meta-features.ts';
import type { ColumnProfile } from '#core/contracts/dataset.ts';
import type { MetricName, SearchRequest } from '#core/contracts/task.ts';
import type { PreparedFacts } from '#core/contracts/views.ts';
import { Random } from '#core/math/random.ts';
import { costMatrix } from '#core/metrics/costs.ts';
import { type ColumnSpec, fitPreparation, prepare } from '#core/prep/preparation.ts';
import { dropColumns, findColumn, stringColumn, type Table, takeRows } from '#core/prep/table.ts';
import { planFolds } from '#core/tasks/folds.ts';
import { packPrepared } from '#core/tasks/prepared-task.ts';
import { duplicateGroups, groupsOf, strataOf } from '#core/tasks/strata.ts';
import { encodeClasses, fitTarget, type TargetPlan } from '#core/tasks/target.ts';
import { timesOf } from '#core/tasks/times.ts';
import { affordableRows, sampleTraining } from '#core/tasks/training-sample.ts';
import type { TaskSetup } from '#server/services/search/prepared.ts';
import { readParquetTable } from '../data/read-parquet-table.ts';
import type { TaskContext } from '../runtime/trial-protocol.ts';
import { type SealedCounts, type SealInput, sealTest } from './seal.ts';

export interface PrepareInput extends SealInput {
  readonly columns: readonly ColumnProfile[];
  readonly positiveClass: string | null;
  /** See `SearchRequest`. */
  readonly costs?: SearchRequest['costs'];
  readonly monotone?: SearchRequest['monotone'];
  readonly metric: MetricName;
  readonly budgetSeconds: number;
  /** JSON with the rows of both parts: where it is, the test is sealed. */
  readonly splitPath: string;
  /** Where the packed result goes. */
  readonly preparedPath: string;
}
export interface PrepareResult {
  readonly facts: PreparedFacts;
  /** What strategies may know of the task. */
  readonly setup: TaskSetup;
  /** What the person should know at once, in plain words. */
  readonly warnings: readonly string[];
}

/** Integer columns with at most this many values are features both as numbers and as categories (TABULAR: 7.6, trap 8). */
const codedIntegers = 20;

/** What each column of the file is to preparation: the target is none of them, group and time columns are only declared. */
export function columnSpecs(input: Pick<PrepareInput, 'columns' | 'target' | 'split'>): ColumnSpec[] {
  const { split } = input;
  const helper = split.kind === 'group' ? split.groupColumn : split.kind === 'time' ? split.timeColumn : null;
  return input.columns
    .filter((column) => column.name !== input.target)
    .map(({ name, type, wide, dateFormat }) => ({ name, type, wide, dateFormat, exclude: name === helper }));
}

/** Directions as learners have them: of two classes, along the probability of the second. */
function withDirections(
  specs: readonly ColumnSpec[],
  monotone: PrepareInput['monotone'],
  positive: number | null,
): ColumnSpec[] {
  return specs.map((spec) => {
    const asked = monotone?.[spec.name];
    if (!asked) return spec;
    const direction = positive === 0 ? -asked : asked;
    return { ...spec, direction: direction === 1 ? 1 : -1 };
  });
}

/** The target with what its mistakes cost, where the metric asks for that. */
const withCosts = (plan: TargetPlan, { metric, costs }: Pick<PrepareInput, 'metric' | 'costs'>): TargetPlan =>
  plan.problem === 'regression' || metric !== 'cost' || !costs
    ? plan
    : { ...plan, costs: costMatrix(plan.classes, costs) };

const spellingsOf = (input: PrepareInput) =>
  input.columns.find((column) => column.name === input.target)?.spellings ?? undefined;

/** Up to 1,000 raw rows, fewer on wide tables; dictionaries hold only what the sample holds. */
function sampleOf(table: Table, seed: number): { sample: Table; sampleRows: Int32Array } {
  const wanted = Math.min(table.rows, Math.max(20, Math.min(1000, Math.floor(400_000 / table.columns.length))));
  const all = Int32Array.from({ length: table.rows }, (_, i) => i);
  const sampleRows = new Random(seed).shuffle(all).slice(0, wanted).sort();
  const taken = takeRows(table, sampleRows);
  const columns = taken.columns.map((column) =>
    column.kind === 'number'
      ? column
      : stringColumn(
          column.name,
          Array.from(column.codes, (code) => (code < 0 ? null : (column.dictionary[code] as string))),
        ),
  );
  return { sample: { rows: wanted, columns }, sampleRows };
}

export async function prepareTask(input: PrepareInput, context: TaskContext): Promise<PrepareResult> {
  const began = performance.now();
  // The test file is not even opened here: how many rows it has was noted when it was sealed.
  if (!existsSync(input.splitPath)) await writeFile(input.splitPath, JSON.stringify(await sealTest(input)));
  const sealed = JSON.parse(await readFile(input.splitPath, 'utf8')) as SealedCounts;
  await context.breathe();
  const specs = columnSpecs(input);
  const names = [input.target, ...specs.filter((spec) => spec.type !== 'ignore').map((spec) => spec.name)];
  const whole = await readParquetTable(input.trainPath, names);
  const fileRows = trainingRows(whole, input);
  const table = fileRows ? takeRows(whole, fileRows) : whole;
  const targetColumn = findColumn(table, input.target);
  if (!targetColumn) throw new RangeError(`There is no target column "${input.target}".`);
  const encoded = fitTarget(targetColumn, input.kind, spellingsOf(input), input.metric);
  const target = withCosts(encoded.plan, input);
  const inputs = dropColumns(table, new Set([input.target]));
  const classes = encoded.plan.problem === 'regression' ? null : encoded.plan.classes;
  const wanted = input.positiveClass === null ? -1 : (classes?.indexOf(input.positiveClass) ?? -1);
  const positive = classes?.length === 2 ? (wanted >= 0 ? wanted : 1) : null;
  const preparation = fitPreparation(inputs, withDirections(specs, input.monotone, positive), { codedIntegers });
  const features = prepare(preparation, inputs);
  if (features.numericNames.length + features.categoricalNames.length === 0)
    throw new RangeError(
      'Every column besides the target is constant, an identifier or ignored: there is nothing to learn from.',
    );
  const { split } = input;
  const groupColumn = split.kind === 'group' ? findColumn(table, split.groupColumn) : undefined;
  const folds = planFolds({
    rows: features.rows,
    kind: split.kind,
    strata: strataOf(encoded.plan, encoded.values),
    groups: groupColumn ? groupsOf(groupColumn) : duplicateGroups(features, encoded.values),
    times: split.kind === 'time' ? timesOf(table, split.timeColumn) : undefined,
    budgetSeconds: input.budgetSeconds,
    seed: input.seed,
  });
  const metaFeatures = measureTask({ features, target: encoded.plan, values: encoded.values, folds });
  const packed = packPrepared({
    preparation,
    target,
    targetValues: encoded.values,
    features,
    folds,
    positive,
    metaFeatures,
    ...(fileRows ? { fileRows } : {}),
    ...sampleOf(inputs, input.seed),
  });
  await writeFile(input.preparedPath, packed);
  const warnings = fileRows ? [sampleNote(fileRows.length, whole.rows)] : [];
  const facts: PreparedFacts = {
    trainRows: features.rows,
    testRows: sealed.test,
    folds: folds.folds.length,
    features: features.numericNames.length + features.categoricalNames.length,
    classes,
    seconds: (performance.now() - began) / 1000,
    notes: [
      ...warnings,
      ...(features.directions ? [directedNote] : []),
      ...preparation.columns.flatMap((plan) =>
        plan.kind === 'unused' ? [`"${plan.name}" is not used: it is ${reasons[plan.reason]}.`] : [],
      ),
    ],
  };
  const setup: TaskSetup = {
    problem: encoded.plan.problem,
    metric: input.metric,
    rows: features.rows,
    ...(fileRows ? { sampled: true } : {}),
    numericColumns: features.numericNames.length,
    categoricalColumns: features.categoricalNames.length,
    terms: (features.texts ?? []).reduce((sum, text) => sum + text.terms.length / features.rows, 0),
    classes: classes?.length ?? 1,
    folds: folds.folds.length,
    logTarget: encoded.plan.problem === 'regression' && encoded.plan.log !== null,
    ...(features.directions ? { directed: true } : {}),
    metaFeatures,
  };
  return { facts, setup, warnings };
}

const count = (rows: number) => rows.toLocaleString('en-US');
const sampleNote = (rows: number, of: number): string =>
  `Models learn from ${count(rows)} of ${count(of)} training rows, taken at random: the budget has no time for all. The test part is scored whole.`;

/** Rows of the training file that are learned from; null for all. */
function trainingRows(table: Table, input: PrepareInput): Int32Array | null {
  const most = affordableRows(table.columns.length, input.budgetSeconds);
  const column = findColumn(table, input.target);
  if (table.rows <= most || !column) return null;
  const { plan } = fitTarget(column, input.kind, spellingsOf(input), input.metric);
  const classes = plan.problem === 'regression' ? null : encodeClasses(plan, column);
  return sampleTraining(table.rows, most, classes, input.seed);
}

const directedNote =
  'Only boosted trees are trained: linear models, forests and networks cannot keep to a direction along a column.';

const reasons = {
  constant: 'the same in every row',
  identifier: 'a number of the row',
  excluded: 'what the split goes by',
} as const;
