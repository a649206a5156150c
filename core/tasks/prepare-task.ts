/** From a table and a request to everything that trials share: features, encoded target, folds. */
import type { SplitPolicy, TaskKind } from '../contracts/task.ts';
import type { BagTask } from '../learners/bag.ts';
import { daysFromCivil } from '../prep/date-features.ts';
import { dateReader, detectDateShape } from '../prep/date-shape.ts';
import { type ColumnSpec, fitPreparation, type Preparation, prepare } from '../prep/preparation.ts';
import { asNumbers, asStrings, findColumn, type Table, type TableColumn, takeRows } from '../prep/table.ts';
import { planFolds, splitTest } from './folds.ts';
import { duplicateGroups, groupsOf, strataOf } from './strata.ts';
import { fitTarget, rowsWithTarget } from './target.ts';

export interface TaskRequest {
  /** Columns of the table, as the profile has them (target and ignored ones included). */
  readonly columns: readonly ColumnSpec[];
  readonly target: string;
  readonly kind: TaskKind;
  readonly split: SplitPolicy;
  readonly budgetSeconds: number;
  readonly seed: number;
  readonly missingMarkers?: readonly string[];
}

export interface PreparedTask extends BagTask {
  readonly preparation: Preparation;
}

/** Inputs of the model: everything but target and ignored columns; the split's own column is declared, not used. */
export function inputColumns(request: Pick<TaskRequest, 'columns' | 'target' | 'split'>): ColumnSpec[] {
  return request.columns
    .filter((column) => column.name !== request.target && column.type !== 'ignore')
    .map((column) => {
      const grouping = request.split.kind === 'group' && column.name === request.split.groupColumn;
      return grouping ? { ...column, exclude: true } : column;
    });
}

function required(table: Table, name: string): TableColumn {
  const column = findColumn(table, name);
  if (!column) throw new RangeError(`The table has no column named ${name}.`);
  return column;
}

/** Times that order rows: numbers as they are, dates as seconds, other strings alphabetically; missing comes first. */
export function timesOf(column: TableColumn): Float64Array {
  if (column.kind === 'number') return asNumbers(column).map((t) => (Number.isNaN(t) ? Number.NEGATIVE_INFINITY : t));
  const { codes, dictionary } = asStrings(column);
  const shape = detectDateShape(
    dictionary,
    dictionary.map(() => 1),
  );
  const read = shape ? dateReader(shape) : null;
  const alphabetic = new Map([...dictionary].sort().map((text, rank) => [text, rank]));
  const table = dictionary.map((text) => {
    if (!read) return alphabetic.get(text)!;
    const f = read(text);
    if (!f) return Number.NEGATIVE_INFINITY;
    return daysFromCivil(f.year, f.month, f.day) * 86_400 + f.hour * 3600 + f.minute * 60 + f.second;
  });
  return Float64Array.from(codes, (code) => (code < 0 ? Number.NEGATIVE_INFINITY : table[code]!));
}

function splitColumns(table: Table, split: SplitPolicy) {
  return {
    groups: split.kind === 'group' ? groupsOf(required(table, split.groupColumn)) : undefined,
    times: split.kind === 'time' ? timesOf(required(table, split.timeColumn)) : undefined,
  };
}

/**
 * Prepares the training table of a search. Rows without target are left out.
 * @throws RangeError in words for the person: no such column, one class, nothing to learn
 */
export function prepareTask(table: Table, request: TaskRequest): PreparedTask {
  const kept = rowsWithTarget(required(table, request.target));
  const complete = kept.length === table.rows ? table : takeRows(table, kept);
  const { plan, values } = fitTarget(required(complete, request.target), request.kind);
  const options = request.missingMarkers ? { missingMarkers: request.missingMarkers } : {};
  const preparation = fitPreparation(complete, inputColumns(request), options);
  const features = prepare(preparation, complete);
  const { groups, times } = splitColumns(complete, request.split);
  const folds = planFolds({
    rows: complete.rows,
    kind: request.split.kind,
    strata: strataOf(plan, values),
    groups: groups ?? duplicateGroups(features, values),
    times,
    budgetSeconds: request.budgetSeconds,
    seed: request.seed,
  });
  return { preparation, features, target: plan, values, folds };
}

/** Row numbers of the sealed test and of the rest, ascending; rows without target are in neither. */
export function splitTable(
  table: Table,
  request: Pick<TaskRequest, 'columns' | 'target' | 'kind' | 'split' | 'seed'> & { readonly fraction: number },
): { readonly train: Int32Array; readonly test: Int32Array } {
  const kept = rowsWithTarget(required(table, request.target));
  const complete = kept.length === table.rows ? table : takeRows(table, kept);
  const { plan, values } = fitTarget(required(complete, request.target), request.kind);
  const features = prepare(fitPreparation(complete, inputColumns(request)), complete);
  const { groups, times } = splitColumns(complete, request.split);
  const { train, test } = splitTest({
    rows: complete.rows,
    kind: request.split.kind,
    strata: strataOf(plan, values),
    groups: groups ?? duplicateGroups(features, values),
    times,
    fraction: request.fraction,
    seed: request.seed,
  });
  const back = (rows: Int32Array) => rows.map((row) => kept[row]!);
  return { train: back(train), test: back(test) };
}
