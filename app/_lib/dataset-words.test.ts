import { expect, test } from 'vitest';
import type { ColumnProfile, DataWarning } from '#core/contracts/dataset.ts';
import { commonValues, errorPlace, rankWarnings, spreadCounts } from './dataset-words.ts';

const column = (more: Partial<ColumnProfile>): ColumnProfile => ({
  name: 'x',
  type: 'category',
  wide: false,
  missing: 0,
  distinct: 2,
  top: [],
  ...more,
});

test('numbers show their range, categories their commonest values', () => {
  expect(commonValues(column({ type: 'number', min: 18.25, max: 118.75 }), 10)).toBe('18.25 to 118.75');
  const top = [
    { value: 'No', count: 73 },
    { value: 'Yes', count: 27 },
  ];
  expect(commonValues(column({ top }), 100)).toBe('No 73 %, Yes 27 %');
});

test('a column in which all values differ says so and draws nothing', () => {
  const id = column({ distinct: 7043, top: [{ value: 'a', count: 1 }] });
  expect(commonValues(id, 7043)).toBe('all differ');
  expect(spreadCounts(id)).toEqual([]);
});

test('the gravest warning stands first', () => {
  const warning = (severity: DataWarning['severity']): DataWarning => ({
    code: 'constant',
    severity,
    message: severity,
  });
  const ranked = rankWarnings([warning('info'), warning('serious'), warning('warning')]);
  expect(ranked.map((one) => one.severity)).toEqual(['serious', 'warning', 'info']);
});

test('an error names file, line and column', () => {
  expect(errorPlace({ message: '', file: 'train.csv', line: 1812, column: 'age' })).toBe(
    'train.csv, line 1,812, column “age”',
  );
});
