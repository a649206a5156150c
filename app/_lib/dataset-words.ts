/** Column types, warnings and ranges in plain words. */
import type { ColumnProfile, ColumnType, DataErrorDetail, DataWarning } from '#core/contracts/dataset.ts';
import { formatCount, formatPercent, significant } from './format.ts';

export const typeWords: Readonly<Record<ColumnType, string>> = {
  number: 'number',
  category: 'category',
  boolean: 'yes/no',
  date: 'date',
  text: 'text',
  ignore: 'left out',
};

export const typeNotes: Readonly<Record<ColumnType, string>> = {
  number: 'Order and distance count',
  category: 'A value from a list',
  boolean: 'Two values',
  date: 'A day or a moment',
  text: 'Words; each value may differ',
  ignore: 'Kept in the file, never used',
};

/** What stands in a column most: its range for numbers, its commonest values otherwise. */
export function commonValues(column: ColumnProfile, rows: number): string {
  if (column.type === 'number' && column.min != null && column.max != null) {
    return column.min === column.max
      ? significant(column.min, 5)
      : `${significant(column.min, 5)} to ${significant(column.max, 5)}`;
  }
  const [first, ...rest] = column.top;
  if (!first) return column.missing >= rows ? 'all missing' : '';
  if (first.count <= 1 && column.distinct > 1) return 'all differ';
  const named = [first, ...rest].slice(0, 3);
  return named
    .map((one) => `${one.value === '' ? 'blank' : one.value} ${formatPercent(one.count / Math.max(1, rows))}`)
    .join(', ');
}

/** What the little histogram shows, for those who hear it. */
export function spreadWords(column: ColumnProfile): string {
  if (column.type === 'number' && column.min != null && column.max != null) {
    const mean = column.mean == null ? '' : `, mean ${significant(column.mean, 4)}`;
    return `Spread from ${significant(column.min, 4)} to ${significant(column.max, 4)}${mean}`;
  }
  return `Counts of the ${formatCount(Math.min(column.top.length, 12))} commonest values`;
}

/** Bars of the little histogram: bins of numbers, counts of the commonest values otherwise. */
export function spreadCounts(column: ColumnProfile): readonly number[] {
  if (column.histogram && column.histogram.length > 0) return column.histogram;
  if (column.type === 'ignore' || column.top.length === 0) return [];
  if ((column.top[0]?.count ?? 0) <= 1 && column.distinct > 12) return [];
  return column.top.slice(0, 12).map((one) => one.count);
}

const order = { serious: 0, warning: 1, info: 2 };

/** The gravest first, otherwise as ingest found them. */
export function rankWarnings(warnings: readonly DataWarning[]): DataWarning[] {
  return [...warnings].sort((a, b) => order[a.severity] - order[b.severity]);
}

/** `train.csv, line 812, column "age": "forty" is not a number. Treat the column as text?` */
export function errorPlace(error: DataErrorDetail): string {
  const place = [
    error.file,
    error.line == null ? null : `line ${formatCount(error.line)}`,
    error.column ? `column “${error.column}”` : null,
  ];
  return place.filter(Boolean).join(', ');
}
