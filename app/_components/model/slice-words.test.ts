import { expect, test } from 'vitest';
import type { Slice } from '#core/contracts/insights.ts';
import { differenceWords, partWords, reportWords, sliceWords } from './slice-words.ts';

const slice: Slice = { terms: [], rows: 412, error: 0.34, elsewhere: 0.12, low: 0.18, high: 0.26, excess: 0.1 };

test('parts of columns', () => {
  expect(partWords({ kind: 'value', value: 'basic' })).toBe('is basic');
  expect(partWords({ kind: 'missing' })).toBe('is missing');
  expect(partWords({ kind: 'range', from: null, to: 30 })).toBe('up to 30');
  expect(partWords({ kind: 'range', from: 30, to: 1234.5 })).toBe('above 30, up to 1,234.5');
  expect(partWords({ kind: 'range', from: -0.25, to: null })).toBe('above -0.25');
});

test('errors in the unit of the task', () => {
  expect(sliceWords('wrong', slice)).toBe('34 % wrong labels in 412 rows, 12 % elsewhere');
  expect(differenceWords('wrong', slice)).toBe('worse by 18 to 26 points');
  expect(differenceWords('wrong', { ...slice, low: 0.012, high: 0.034 })).toBe('worse by 1.2 to 3.4 points');
  expect(sliceWords('percent', slice)).toBe('mean error 34 % in 412 rows, 12 % elsewhere');
  const prices = { ...slice, error: 1234.5, elsewhere: 410.2, low: 700.5, high: 949 };
  expect(sliceWords('absolute', prices)).toBe('mean error 1,235 in 412 rows, 410 elsewhere');
  expect(differenceWords('absolute', prices)).toBe('worse by 701 to 949');
});

test('what was tested', () => {
  const report = { measure: 'wrong' as const, rows: 2000, error: 0.15, tested: 1210, slices: [] };
  expect(reportWords(report)).toMatch(/^2,000 training rows, .*: 15 % wrong labels\. 1,210 groups of rows were tested/);
  expect(reportWords({ ...report, slices: [slice] })).toContain('worse than all other rows by more than chance');
});
