import { describe, expect, test } from 'vitest';
import type { GoldenRow } from '../contracts/result.ts';
import { compareOutputs } from './agreement.ts';

const classes = ['no', 'yes'];
const rows: GoldenRow[] = [
  { inputs: { a: 1 }, reason: 'sampled', label: 'yes', probabilities: [0.2, 0.8] },
  { inputs: { a: 2 }, reason: 'boundary', label: 'no', probabilities: [0.50005, 0.49995] },
];
const same = {
  labels: ['yes', 'no'],
  probabilities: [
    [0.2, 0.8],
    [0.50005, 0.49995],
  ],
};

describe('classification', () => {
  test('equal outputs pass', () => {
    expect(compareOutputs(rows, same, classes)).toEqual({
      rows: 2,
      maxAbsDiff: 0,
      labelFlips: 0,
      pass: true,
      differences: [],
    });
  });
  test('a flip counts only away from the boundary', () => {
    expect(compareOutputs(rows, { ...same, labels: ['yes', 'yes'] }, classes)).toMatchObject({
      pass: true,
      labelFlips: 0,
    });
    expect(compareOutputs(rows, { ...same, labels: ['no', 'no'] }, classes)).toMatchObject({
      pass: false,
      labelFlips: 1,
      differences: [{ row: 0, output: 'label', expected: 'yes', got: 'no' }],
    });
  });
  test.each([
    [
      'too far',
      {
        ...same,
        probabilities: [
          [0.2002, 0.7998],
          [0.50005, 0.49995],
        ],
      },
    ],
    [
      'no number',
      {
        ...same,
        probabilities: [
          [null, 0.8],
          [0.50005, 0.49995],
        ],
      },
    ],
    ['too few rows', { labels: ['yes'], probabilities: [[0.2, 0.8]] }],
    ['too many rows', { labels: ['yes', 'no', 'no'], probabilities: [...same.probabilities, [1, 0]] }],
    ['wrong width', { ...same, probabilities: [[0.2], [0.50005, 0.49995]] }],
    ['nothing', {}],
  ])('%s fails and says what differed', (_, outputs) => {
    const agreement = compareOutputs(rows, outputs, classes);
    expect(agreement.pass).toBe(false);
    expect(agreement.differences.length).toBeGreaterThan(0);
  });
  test('no golden rows prove nothing', () => {
    expect(compareOutputs([], {}, classes).pass).toBe(false);
  });
});

test('regression differences are measured in the spread of the expected values', () => {
  const values: GoldenRow[] = [100_000, 300_000].map((value) => ({ inputs: {}, reason: 'sampled', value }));
  expect(compareOutputs(values, { values: [100_005, 300_000] }, null)).toMatchObject({ pass: true, maxAbsDiff: 5e-5 });
  expect(compareOutputs(values, { values: [100_050, 300_000] }, null)).toMatchObject({ pass: false });
  // A constant answer has no deviation; float32 rounding of it is no disagreement.
  const constant: GoldenRow[] = [251_234.5678, 251_234.5678].map((value) => ({ inputs: {}, reason: 'sampled', value }));
  expect(compareOutputs(constant, { values: [Math.fround(251_234.5678), Math.fround(251_234.5678)] }, null).pass).toBe(
    true,
  );
  expect(compareOutputs(constant, { values: [251_235, 251_235] }, null).pass).toBe(false);
});

test('bounds must agree as values do, and must be there where the trainer has them', () => {
  const held: GoldenRow[] = [100, 300].map((value) => ({
    inputs: {},
    reason: 'sampled',
    value,
    lower: value - 10,
    upper: value + 20,
  }));
  const same = { values: [100, 300], lower: [90, 290], upper: [120, 320] };
  expect(compareOutputs(held, same, null)).toMatchObject({ pass: true, maxAbsDiff: 0 });
  expect(compareOutputs(held, { ...same, upper: [120, 321] }, null)).toMatchObject({
    pass: false,
    differences: [{ row: 1, output: 'upper', expected: '320', got: '321' }],
  });
  expect(compareOutputs(held, { values: [100, 300] }, null).pass).toBe(false);
});
