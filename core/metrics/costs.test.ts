import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cheapestDecision, costMatrix } from './costs.ts';
import { evaluateMetric } from './evaluate.ts';
import { decideLabels } from './labels.ts';

const names = ['a', 'b', 'c'];
const costs = costMatrix(names, { a: { b: 5 }, c: { a: 0, b: 2.5 } });

test('mistakes that are not named cost 1, right labels nothing', () => {
  expect(costs).toEqual([
    [0, 5, 1],
    [1, 0, 1],
    [0, 2.5, 0],
  ]);
});

test.each([
  [{ d: { a: 1 } }, 'the class "d"'],
  [{ a: { x: 1 } }, 'the class "x"'],
  [{ a: { a: 2 } }, 'cannot cost anything'],
  [{ a: { b: 0, c: 0 }, b: { a: 0, c: 0 }, c: { a: 0, b: 0 } }, 'Every mistake is free'],
])('%j is refused', (named, message) => {
  expect(() => costMatrix(names, named as Record<string, Record<string, number>>)).toThrow(message);
});

describe('the cheapest label', () => {
  const rowOf = (classes: number) =>
    fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: classes, maxLength: classes }).map((counts) => {
      const total = counts.reduce((a, b) => a + b, 0);
      return counts.map((n) => n / total);
    });
  const cost = fc.integer({ min: 0, max: 50 }).map((n) => n / 4);

  test('has the least expected cost of all labels', () => {
    const drawn = fc
      .integer({ min: 2, max: 4 })
      .chain((k) =>
        fc.tuple(
          fc.array(rowOf(k), { minLength: 1, maxLength: 20 }),
          fc.array(fc.array(cost, { minLength: k, maxLength: k }), { minLength: k, maxLength: k }),
        ),
      );
    fc.assert(
      fc.property(drawn, ([rows, raw]) => {
        const k = rows[0]!.length;
        const matrix = raw.map((row, a) => row.map((value, b) => (a === b ? 0 : value)));
        const labels = decideLabels(Float32Array.from(rows.flat()), k, cheapestDecision(matrix) ?? undefined);
        rows.forEach((p, i) => {
          const expected = (label: number) => p.reduce((sum, share, a) => sum + share * matrix[a]![label]!, 0);
          const least = Math.min(...p.map((_, label) => expected(label)));
          expect(expected(labels[i]!)).toBeLessThan(least + 1e-5);
        });
      }),
    );
  });

  test('is the likeliest where all mistakes cost the same', () => {
    expect(cheapestDecision(costMatrix(['no', 'yes'], { no: { yes: 3 }, yes: { no: 3 } }))).toBeNull();
    expect(cheapestDecision(costMatrix(['no', 'yes'], { yes: { no: 9 } }))).toEqual([1, 9]);
  });
});

describe('the mean cost', () => {
  const two = costMatrix(['no', 'yes'], { yes: { no: 9 } });
  const probabilities = Float32Array.of(0.95, 0.05, 0.85, 0.15, 0.3, 0.7, 0.6, 0.4);
  const targets = [1, 0, 1, 0];
  const task = { problem: 'binary', classes: 2 } as const;

  test('is that of the cheapest labels', () => {
    // 1 in 10 is the threshold: no, yes, yes, yes; a missed yes and two false ones.
    expect(evaluateMetric('cost', { ...task, costs: two }, targets, probabilities)).toBeCloseTo((9 + 1 + 0 + 1) / 4);
    expect(evaluateMetric('cost', { ...task, costs: two }, targets, probabilities, [0, 1, 1, 2])).toBeCloseTo(3 / 4);
  });

  test('is that of a decision where there is one, and the share of errors where costs are left out', () => {
    const plain = { ...task, costs: two, decision: [1, 1] };
    expect(evaluateMetric('cost', plain, targets, probabilities)).toBeCloseTo(9 / 4);
    expect(evaluateMetric('cost', task, targets, probabilities)).toBeCloseTo(1 / 4);
  });
});
