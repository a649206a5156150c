/** Rows on which every runtime must agree: ordinary ones, ones near the decision, and ones nobody has seen. */
import type { GoldenRow } from '../contracts/result.ts';
import { Random } from '../math/random.ts';
import type { ColumnPlan, Preparation } from '../prep/preparation.ts';
import {
  asNumbers,
  asStrings,
  findColumn,
  numberColumn,
  type StringColumn,
  stringColumn,
  type Table,
} from '../prep/table.ts';

/** A golden row before a runtime has answered it; keys are the graph's input names. */
export type GoldenInput = Pick<GoldenRow, 'inputs' | 'reason'>;
type Inputs = Record<string, string | number | null>;

export interface GoldenRequest {
  readonly preparation: Preparation;
  /** Raw rows to take from. */
  readonly table: Table;
  /** Predictions of those rows, row-major [rows, classes]; values when `classes` is 1. */
  readonly predictions: Float32Array;
  readonly classes: number;
  readonly seed: number;
  /** Sampled rows; about twice as many come out in all. 32 by default. */
  readonly sampled?: number;
}

const UNSEEN = 'never seen ☃';

/** Chooses and makes golden rows. Infinity has no place in JSON, so extremes are finite: up to 3e38. */
export function chooseGolden(request: GoldenRequest): GoldenInput[] {
  const { preparation, table, seed } = request;
  const random = new Random(seed);
  const read = rowReader(preparation, table);
  const order = random.shuffle(Int32Array.from({ length: table.rows }, (_, i) => i));
  const sampled = order.slice(0, request.sampled ?? 32);
  const boundary = closest(request, 12);
  const base = (): Inputs => (table.rows ? read(order[random.integer(order.length)]!) : emptyRow(preparation));
  const rows: GoldenInput[] = [
    ...Array.from(sampled, (row): GoldenInput => ({ inputs: read(row), reason: 'sampled' })),
    ...boundary.map((row): GoldenInput => ({ inputs: read(row), reason: 'boundary' })),
    { inputs: emptyRow(preparation), reason: 'missing' },
  ];
  const used = preparation.columns.filter((plan) => plan.kind !== 'unused');
  const pick = <T>(list: readonly T[], count: number) => random.shuffle([...list]).slice(0, count);
  for (const plan of pick(used, 8)) rows.push({ inputs: { ...base(), [plan.input]: null }, reason: 'missing' });
  const strings = used.filter((plan) => plan.kind !== 'number');
  for (const plan of pick(strings, 6)) rows.push({ inputs: { ...base(), [plan.input]: UNSEEN }, reason: 'unseen' });
  if (strings.length) {
    const all = Object.fromEntries(strings.map((plan) => [plan.input, UNSEEN]));
    rows.push({ inputs: { ...base(), ...all }, reason: 'unseen' });
  }
  const numbers = used.filter((plan) => plan.kind === 'number');
  for (const plan of pick(numbers, 6)) {
    const value = extremes(plan)[random.integer(extremes(plan).length)]!;
    rows.push({ inputs: { ...base(), [plan.input]: value }, reason: 'extreme' });
  }
  for (const end of [0, 1]) {
    if (numbers.length === 0) continue;
    const all = Object.fromEntries(numbers.map((plan) => [plan.input, extremes(plan)[end]!]));
    rows.push({ inputs: { ...base(), ...all }, reason: 'extreme' });
  }
  return rows;
}

/** Golden rows as a table that the trainer can prepare, columns by header. */
export function goldenTable(preparation: Preparation, rows: readonly GoldenInput[]): Table {
  const columns = preparation.columns.map((plan) => {
    const values = rows.map((row) => row.inputs[plan.input] ?? null);
    return isNumber(plan)
      ? numberColumn(
          plan.name,
          values.map((value) => (value === null ? null : Number(value))),
        )
      : stringColumn(
          plan.name,
          values.map((value) => (value === null ? null : String(value))),
        );
  });
  return { rows: rows.length, columns };
}

const isNumber = (plan: ColumnPlan): boolean => plan.type === 'number';

function extremes(plan: ColumnPlan): number[] {
  if (plan.kind !== 'number') return [];
  const span = Math.max(plan.max - plan.min, Math.abs(plan.max), 1);
  return [plan.max + 1e6 * span, plan.min - 1e6 * span, plan.max, plan.min, 0, -3e38, 3e38];
}

function emptyRow(preparation: Preparation): Inputs {
  return Object.fromEntries(preparation.columns.map((plan) => [plan.input, null]));
}

function rowReader(preparation: Preparation, table: Table): (row: number) => Inputs {
  const readers = preparation.columns.map((plan): readonly [string, (row: number) => string | number | null] => {
    const column = findColumn(table, plan.name);
    if (!column) return [plan.input, () => null];
    if (isNumber(plan)) {
      const values = asNumbers(column);
      // A whole row of JSON must come back as it went, so infinities become missing.
      return [plan.input, (row) => (Number.isFinite(values[row]) ? values[row]! : null)];
    }
    const strings: StringColumn = asStrings(column);
    return [plan.input, (row) => (strings.codes[row]! < 0 ? null : strings.dictionary[strings.codes[row]!]!)];
  });
  return (row) => Object.fromEntries(readers.map(([input, read]) => [input, read(row)]));
}

/** Rows whose two best classes are closest; for values, those nearest to the median prediction. */
function closest({ table, predictions, classes }: GoldenRequest, count: number): number[] {
  const rows = Array.from({ length: table.rows }, (_, i) => i);
  const median = classes === 1 ? predictions.toSorted()[predictions.length >> 1]! : 0;
  const margin = (row: number): number => {
    if (classes === 1) return Math.abs(predictions[row]! - median);
    const sorted = predictions.slice(row * classes, (row + 1) * classes).sort();
    return sorted[classes - 1]! - sorted[classes - 2]!;
  };
  const margins = rows.map(margin);
  return rows.sort((a, b) => margins[a]! - margins[b]! || a - b).slice(0, count);
}
