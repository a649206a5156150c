import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ScoredTrial } from '../../_lib/best-curve.ts';
import { scoreRange, tickDigits } from './score-range.ts';

const trials = (scores: readonly number[]) => scores.map((score) => ({ score }) as ScoredTrial);

test('the best trials lie inside whichever way the metric points, and the rest is counted', () => {
  const score = fc.double({ min: -1000, max: 1000, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(score, { minLength: 1, maxLength: 60 }),
      fc.constantFrom('maximize', 'minimize'),
      (scores, direction) => {
        const range = scoreRange(trials(scores), null, direction as 'maximize')!;
        const best = direction === 'maximize' ? Math.max(...scores) : Math.min(...scores);
        expect(range.low <= best && best <= range.high).toBe(true);
        expect(range.low).toBeLessThan(range.high);
        expect(range.outside).toBe(scores.filter((one) => one < range.low || one > range.high).length);
        expect(range.outside).toBeLessThanOrEqual(scores.length / 4);
      },
    ),
  );
});

test('one poor trial does not flatten the others', () => {
  const range = scoreRange(trials([0.5, 0.84, 0.845, 0.846, 0.8465]), null, 'maximize')!;
  expect(range).toMatchObject({ low: 0.838, high: 0.848, outside: 1 });
});

test('nothing to draw, no range', () => {
  expect(scoreRange([], null, 'maximize')).toBeNull();
});

test.each([
  [0.06, 2],
  [0.02, 3],
  [1, 1],
  [120, 0],
])('ticks over %d have %d decimals', (span, digits) => {
  expect(tickDigits(span)).toBe(digits);
});
