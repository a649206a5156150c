/** Made-up tables whose rows belong together or do not, drift or do not, and know too much or do not. */
import type { ColumnProfile, ColumnType, Profile } from '../../contracts/dataset.ts';
import type { TaskKind } from '../../contracts/task.ts';
import { Random } from '../../math/random.ts';
import { asStrings, numberColumn, stringColumn, type Table, type TableColumn } from '../../prep/table.ts';
import type { CourtInput } from '../court.ts';

export type Cells = readonly (number | string | null)[];

/** Numbers make number columns, strings categories, or what `types` says. */
export function tableOf(columns: Readonly<Record<string, Cells>>): Table {
  const made = Object.entries(columns).map(([name, cells]) =>
    cells.every((cell) => cell === null || typeof cell === 'number')
      ? numberColumn(name, cells as (number | null)[])
      : stringColumn(name, cells as (string | null)[]),
  );
  return { rows: Object.values(columns)[0]?.length ?? 0, columns: made };
}

function profileColumn(column: TableColumn, type: ColumnType): ColumnProfile {
  const { codes, dictionary } = asStrings(column);
  const counts = new Map<number, number>();
  let missing = 0;
  for (const code of codes) {
    if (code < 0) missing++;
    else counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  const top = [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 20)
    .map(([code, count]) => ({ value: dictionary[code]!, count }));
  const known = column.kind === 'number' ? column.values.filter((value) => !Number.isNaN(value)) : [];
  const range = column.kind === 'number' ? { min: Math.min(...known), max: Math.max(...known) } : {};
  return { name: column.name, type, wide: false, missing, distinct: counts.size, top, ...range };
}

export interface MadeUp {
  readonly table: Table;
  readonly target: string;
  readonly kind: TaskKind;
  readonly types?: Readonly<Record<string, ColumnType>>;
  readonly identifiers?: readonly string[];
  readonly test?: Table;
  readonly seed?: number;
}

/** What the court is handed for a table that is looked at as a whole. */
export function courtInput({ table, target, kind, types = {}, identifiers = [], test, seed = 1 }: MadeUp): CourtInput {
  const columns = table.columns.map((column) =>
    profileColumn(column, types[column.name] ?? (column.kind === 'number' ? 'number' : 'category')),
  );
  const profile: Profile = {
    rows: table.rows,
    columns,
    warnings: identifiers.map((column) => ({ code: 'identifier', severity: 'warning', column, message: '' })),
    corrections: [],
    format: { kind: 'csv', header: true },
  };
  const rows = Int32Array.from({ length: table.rows }, (_, row) => row);
  return {
    profile,
    target,
    kind,
    seed,
    sample: async () => ({ table, rows }),
    test: test ?? null,
    secondsLeft: () => Number.POSITIVE_INFINITY,
    rest: async () => undefined,
  };
}

const list = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const day = (i: number) => new Date(Date.UTC(2020, 0, 1 + i)).toISOString().slice(0, 10);

/** Visits of patients: what is measured gives the patient away, and the label is the patient's own. */
export function leakingPatients(seed: number, patients = 60, visits = 8): MadeUp {
  const random = new Random(seed);
  const people = list(patients, () => ({
    sick: random.uniform() < 0.5,
    usual: list(4, () => random.normal()),
  }));
  const rows = random.shuffle(list(patients * visits, (i) => i % patients));
  const measured = (j: number) => rows.map((p) => people[p]!.usual[j]! + 0.05 * random.normal());
  const table = tableOf({
    patient: rows.map((p) => `P${p}`),
    a: measured(0),
    b: measured(1),
    c: measured(2),
    d: measured(3),
    sick: rows.map((p) => (people[p]!.sick ? 'yes' : 'no')),
  });
  return { table, target: 'sick', kind: 'classification' };
}

/** The same columns, but patients are names without meaning: each visit is a row of its own. */
export function harmlessPatients(seed: number, kind: TaskKind = 'classification', rows = 480): MadeUp {
  const random = new Random(seed);
  const measured = list(4, () => list(rows, () => random.normal()));
  const level = list(rows, (i) => measured[0]![i]! - measured[1]![i]! + random.normal());
  const table = tableOf({
    patient: list(rows, () => `P${random.integer(60)}`),
    town: list(rows, () => `T${random.integer(12)}`),
    when: list(rows, () => day(random.integer(400))),
    a: measured[0]!,
    b: measured[1]!,
    c: measured[2]!,
    d: measured[3]!,
    sick: kind === 'regression' ? level : level.map((y) => (y > 0 ? 'yes' : 'no')),
  });
  return { table, target: 'sick', kind, types: { when: 'date' } };
}

/** A property that the target depends on: reading it is fair, and the other columns know nothing of it. */
export function fairTowns(seed: number, rows = 600): MadeUp {
  const random = new Random(seed);
  const effects = list(15, () => 2 * random.normal());
  const towns = list(rows, () => random.integer(15));
  const ages = list(rows, () => 18 + random.integer(60));
  const a = list(rows, () => random.normal());
  const table = tableOf({
    town: towns.map((t) => `T${t}`),
    age: ages,
    a,
    good: list(rows, (i) =>
      effects[towns[i]!]! + 0.05 * (ages[i]! - 48) + a[i]! + random.normal() > 0 ? 'yes' : 'no',
    ),
  });
  return { table, target: 'good', kind: 'classification' };
}

/** Sales by day whose level climbs, or stays: what decides the amount is the same either way. */
export function sales(seed: number, climb: number, rows = 600): MadeUp {
  const random = new Random(seed);
  const days = list(rows, (i) => Math.floor(i / 2));
  const size = list(rows, () => random.normal());
  const table = tableOf({
    day: days.map(day),
    size,
    // Rises along with the days, so that it gives the time away.
    stock: days.map((d) => climb * d + 20 * random.normal()),
    amount: list(rows, (i) => size[i]! + climb * 0.03 * days[i]! + 0.5 * random.normal()),
  });
  return { table, target: 'amount', kind: 'regression', types: { day: 'date' } };
}

/**
 * @param copied share of the rows that are copies of another, label and all
 * @param noise by which their numbers differ from it
 */
export function copiedRows(seed: number, copied: number, noise = 0, rows = 1500): MadeUp {
  const random = new Random(seed);
  const cells = list(5, () => list(rows, () => random.normal()));
  const label = list(rows, (i) => (cells[0]![i]! + 3 * random.normal() > 0 ? 'yes' : 'no'));
  for (let i = 0; i < Math.round(copied * rows); i++) {
    const to = rows - 1 - i;
    for (const column of cells) column[to] = column[i]! + noise * random.normal();
    label[to] = label[i]!;
  }
  const [a, b, c, d, e] = cells;
  return { table: tableOf({ a: a!, b: b!, c: c!, d: d!, e: e!, label }), target: 'label', kind: 'classification' };
}

/** @param known how well `total` knows the answer: 0 not at all */
export function knowingColumn(seed: number, known: number, rows = 500): MadeUp {
  const random = new Random(seed);
  const x = list(4, () => list(rows, () => random.normal()));
  const y = list(rows, (i) => x[0]![i]! + x[1]![i]! + random.normal());
  const [a, b, c, d] = x;
  const table = tableOf({
    id: list(rows, (i) => `R-${String(i * 7 + 3).padStart(5, '0')}`),
    a: a!,
    b: b!,
    c: c!,
    d: d!,
    total: y.map((value) => known * value + 0.05 * random.normal()),
    won: y.map((value) => (value > 0 ? 'yes' : 'no')),
  });
  return { table, target: 'won', kind: 'classification', identifiers: ['id'] };
}
