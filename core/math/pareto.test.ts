import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crowdedOrder, crowdingDistances, dominates, firstFront, nonDominatedFronts } from './pareto.ts';

/** Few different numbers, so that ties and equal points are common. */
const pointsOf = (losses: number) =>
  fc.array(fc.array(fc.integer({ min: 0, max: 6 }), { minLength: losses, maxLength: losses }), { maxLength: 40 });
const anyPoints = fc.integer({ min: 1, max: 4 }).chain(pointsOf);

describe('fronts', () => {
  it('are what their definition says', () => {
    fc.assert(
      fc.property(anyPoints, (points) => {
        const fronts = nonDominatedFronts(points);
        expect(fronts.flat().sort((a, b) => a - b)).toEqual([...points.keys()]);
        const over = (some: readonly number[], i: number) => some.some((j) => dominates(points[j]!, points[i]!));
        fronts.forEach((front, f) => {
          // Nothing of its own or a later front dominates a point, and one of the front before does.
          for (const i of front) {
            expect(over(fronts.slice(f).flat(), i)).toBe(false);
            if (f > 0) expect(over(fronts[f - 1]!, i)).toBe(true);
          }
        });
        expect(firstFront(points).sort((a, b) => a - b)).toEqual((fronts[0] ?? []).sort((a, b) => a - b));
      }),
    );
  });

  it('know that equal points do not dominate each other', () => {
    expect(dominates([1, 2], [1, 2])).toBe(false);
    expect(dominates([1, 2], [1, 3])).toBe(true);
    expect(dominates([0, 4], [1, 3])).toBe(false);
  });
});

describe('crowding', () => {
  it('sums what lies between the neighbours, as shares of the span', () => {
    const front = [
      [4, 0],
      [0, 8],
      [1, 4],
      [3, 2],
    ];
    const far = Number.POSITIVE_INFINITY;
    expect([...crowdingDistances(front)]).toEqual([far, far, 3 / 4 + 6 / 8, 3 / 4 + 4 / 8]);
  });

  it('orders by front, then the least crowded first', () => {
    fc.assert(
      fc.property(anyPoints, (points) => {
        const order = crowdedOrder(points);
        const fronts = nonDominatedFronts(points);
        const rank = new Map(fronts.flatMap((front, f) => front.map((i) => [i, f] as const)));
        const crowding = new Map(
          fronts.flatMap((front) => {
            const distances = crowdingDistances(front.map((i) => points[i]!));
            return front.map((i, at) => [i, distances[at]!] as const);
          }),
        );
        expect([...order].sort((a, b) => a - b)).toEqual([...points.keys()]);
        for (let at = 1; at < order.length; at++) {
          const [before, after] = [order[at - 1]!, order[at]!];
          const same = rank.get(before) === rank.get(after);
          expect(same ? crowding.get(before)! >= crowding.get(after)! : rank.get(before)! < rank.get(after)!).toBe(
            true,
          );
        }
      }),
    );
  });
});
