import { describe, expect, test } from 'vitest';
import {
  formatBytes,
  formatDifference,
  formatDuration,
  formatHash,
  formatInterval,
  formatPercent,
  formatRelativeTime,
  formatScore,
  metricWithDirection,
  plural,
  significant,
} from './format.ts';

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [412_000, '412 kB'],
  [1_340_000, '1.3 MB'],
  [999_600, '1 MB'],
  [2_000_000_000, '2 GB'],
])('bytes: %d is %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [0, '0 s'],
  [0.00004, '0.04 ms'],
  [0.0008, '0.8 ms'],
  [0.14, '140 ms'],
  [3.1, '3.1 s'],
  [9.97, '10 s'],
  [60, '60 s'],
  [178, '2 min 58 s'],
  [240, '4 min'],
  [4800, '1 h 20 min'],
  [86_400, '1 d'],
])('durations: %d s is %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

test('scores carry the precision of their interval', () => {
  expect(formatInterval(0.8464, 0.8354, 0.8574)).toBe('0.8464 ± 0.011');
  expect(formatInterval(14.2, 13.7, 14.7)).toBe('14.20 ± 0.5');
  expect(formatScore(3421.4)).toBe('3,421');
});

test('differences have a real minus', () => {
  expect(formatDifference(-0.002)).toBe('−0.0020');
  expect(formatDifference(0.0073)).toBe('+0.0073');
});

test('small numbers keep their figures', () => {
  expect(significant(0.00000024, 2)).toBe('2.4e-7');
  expect(significant(1585)).toBe('1,585');
  expect(significant(18.25)).toBe('18.25');
  expect(formatPercent(0.004)).toBe('0.4 %');
  expect(formatPercent(0.734)).toBe('73 %');
});

test('words follow their number, metrics say what is better', () => {
  expect(plural(1, 'row')).toBe('1 row');
  expect(plural(2, 'search', 'searches')).toBe('2 searches');
  expect(metricWithDirection('rmse')).toBe('RMSE (lower is better)');
  expect(formatHash('4f1c000000a09e')).toBe('4f1c…a09e');
});

describe('relative times', () => {
  const now = new Date(2026, 10, 24, 12, 0, 0);
  const ago = (seconds: number) => formatRelativeTime(new Date(now.getTime() - seconds * 1000), now);
  test.each([
    [1, 'now'],
    [40, '40 s ago'],
    [240, '4 min ago'],
    [7200, '2 h ago'],
    [100_000, 'yesterday'],
    [-3600, 'in 1 h'],
  ])('%d s before now is %s', (seconds, text) => {
    expect(ago(seconds)).toBe(text);
  });
  test('older moments are dates, with the year once it differs', () => {
    expect(ago(5 * 86_400)).toBe('19 Nov');
    expect(formatRelativeTime(new Date(2025, 4, 3), now)).toBe('3 May 2025');
  });
});
