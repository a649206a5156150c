/** A generated table with every kind of column, for tests. */
import { Random } from '../math/random.ts';
import type { ColumnSpec } from './fit.ts';
import { numberColumn, stringColumn, type Table } from './table.ts';

export const sampleColumns: readonly ColumnSpec[] = [
  { name: 'income', type: 'number' },
  { name: 'rooms', type: 'number' },
  { name: 'stamp', type: 'number', wide: true },
  { name: 'label', type: 'category' },
  { name: 'city', type: 'category' },
  { name: 'member', type: 'boolean' },
  { name: 'joined', type: 'date' },
  { name: 'seen', type: 'date' },
  { name: 'note', type: 'text' },
  { name: 'always', type: 'number' },
  { name: 'row', type: 'number' },
];

const words = ['good', 'Good!', 'bad', 'late,', 'fast', 'Schön', 'cheap', 'BAD'];

/** `rows` rows; missing values throughout. The score behind the targets depends on most columns. */
export function sampleTable(rows: number, seed: number): { table: Table; score: Float64Array } {
  const random = new Random(seed);
  const list = <T>(make: (i: number) => T) => Array.from({ length: rows }, (_, i) => make(i));
  const maybe = <T>(share: number, value: T) => (random.uniform() < share ? null : value);
  const pick = <T>(from: readonly T[]): T => from[random.integer(from.length)]!;
  const two = (value: number) => String(value).padStart(2, '0');
  const income = list(() => maybe(0.1, Math.exp(10 + random.normal())));
  const rooms = list(() => maybe(0.05, random.integer(6)));
  const stamp = list(() => 1_700_000_000_000 + random.integer(1e9) * 100);
  const label = list(() => maybe(0.1, pick(['a', 'b', 'c'])));
  const city = list(() => pick(['Rome', 'Oslo', 'Bern', 'São Paulo', `town ${random.integer(400)}`]));
  const member = list(() => maybe(0.02, pick(['True', 'False'])));
  const joined = list(() =>
    maybe(0.05, `${2000 + random.integer(24)}-${two(1 + random.integer(12))}-${two(1 + random.integer(28))}`),
  );
  const seen = list(() => {
    const date = `${1 + random.integer(28)}.${1 + random.integer(12)}.${2020 + random.integer(3)}`;
    return `${date} ${two(random.integer(24))}:${two(random.integer(60))}${random.uniform() < 0.5 ? '' : ':30.25'}`;
  });
  const note = list(() =>
    maybe(0.05, list.length ? Array.from({ length: 1 + random.integer(6) }, () => pick(words)).join(' ') : ''),
  );
  const score = Float64Array.from({ length: rows }, (_, i) => {
    const wealth = income[i] === null ? 0 : Math.log(income[i]!) - 10;
    const place = city[i] === 'Rome' ? 1 : city[i] === 'Oslo' ? -1 : 0;
    const year = joined[i] === null ? 0 : (Number(joined[i]!.slice(0, 4)) - 2012) / 8;
    const mood = note[i]?.toLowerCase().includes('bad') ? -0.7 : 0.4;
    return wealth + place + year + mood + (member[i] === 'True' ? 0.5 : 0) + 0.4 * random.normal();
  });
  const table: Table = {
    rows,
    columns: [
      numberColumn('income', income),
      numberColumn('rooms', rooms),
      numberColumn('stamp', stamp),
      stringColumn('label', label),
      stringColumn('city', city),
      stringColumn('member', member),
      stringColumn('joined', joined),
      stringColumn('seen', seen),
      stringColumn('note', note),
      numberColumn(
        'always',
        list(() => 3),
      ),
      numberColumn(
        'row',
        list((i) => i + 1),
      ),
    ],
  };
  return { table, score };
}

/** Rows that no training table has: infinities, unseen and odd strings, everything missing. */
export function oddTable(): Table {
  const column = (name: string, values: (string | null)[]) => stringColumn(name, values);
  const numbers = (name: string, values: (number | null)[]) => numberColumn(name, values);
  return {
    rows: 5,
    columns: [
      numbers('income', [null, Infinity, -Infinity, 1e300, 0]),
      numbers('rooms', [null, 99, -1, 2.5, 3]),
      numbers('stamp', [null, Infinity, 0, 1.7e12 + 1, -1e300]),
      column('label', [null, '', 'zzz', ' a', 'a']),
      column('city', [null, '☃', 'rome', 'Rome ', 'Rome']),
      column('member', [null, 'true', 'yes', 'True', 'False']),
      column('joined', [null, '2024-02-30', '2024-13-01', '0000-01-01', 'x2024-01-01']),
      column('seen', [null, '1.1.2021', '31.12.2021 23:59:59+02:00', '1.1.2021 24:00', '2021-01-01']),
      column('note', [null, '', '  ', 'good \t bad\nGOOD', '\u0001']),
      numbers('always', [null, 3, 4, 5, 6]),
      numbers('row', [null, 1, 2, 3, 4]),
    ],
  };
}
