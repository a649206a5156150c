import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hypervolume, hypervolumeGain } from './hypervolume.ts';

const SIDE = 6;
/** Points on a grid, some of them at or beyond the reference. */
const grid = (losses: number, maxLength = 8) =>
  fc.array(fc.array(fc.integer({ min: 0, max: SIDE + 1 }), { minLength: losses, maxLength: losses }), { maxLength });
const reference = (losses: number) => new Array<number>(losses).fill(SIDE);

/** Unit cells of the grid that any of the points dominates. */
function countedCells(points: readonly (readonly number[])[], losses: number): number {
  let count = 0;
  for (let cell = 0; cell < SIDE ** losses; cell++) {
    const corner = Array.from({ length: losses }, (_, k) => Math.floor(cell / SIDE ** k) % SIDE);
    if (points.some((point) => point.every((loss, k) => loss <= corner[k]!))) count++;
  }
  return count;
}

/** Sum over all subsets of the volume that all its points dominate, by turns added and taken off. */
function inclusionExclusion(points: readonly (readonly number[])[], bounds: readonly number[]): number {
  let sum = 0;
  for (let subset = 1; subset < 2 ** points.length; subset++) {
    const chosen = points.filter((_, i) => (subset >> i) & 1);
    const box = bounds.reduce(
      (product, bound, k) => product * Math.max(0, bound - Math.max(...chosen.map((point) => point[k]!))),
      1,
    );
    sum += chosen.length % 2 ? box : -box;
  }
  return sum;
}

describe.each([1, 2, 3])('the hypervolume of %i losses', (losses) => {
  it('is the number of cells of a grid that are dominated', () => {
    fc.assert(
      fc.property(grid(losses), (points) => {
        expect(hypervolume(points, reference(losses))).toBe(countedCells(points, losses));
      }),
    );
  });

  it('is what inclusion and exclusion say', () => {
    const real = fc.array(fc.double({ min: -1, max: 1.2, noNaN: true }), { minLength: losses, maxLength: losses });
    fc.assert(
      fc.property(fc.array(real, { maxLength: 7 }), (points) => {
        const bounds = new Array<number>(losses).fill(1);
        expect(hypervolume(points, bounds)).toBeCloseTo(inclusionExclusion(points, bounds), 9);
      }),
    );
  });

  it('grows by the gain of a point', () => {
    fc.assert(
      fc.property(grid(losses), grid(losses, 1), (points, [point]) => {
        if (!point) return;
        const before = hypervolume(points, reference(losses));
        const after = hypervolume([...points, point], reference(losses));
        expect(hypervolumeGain(point, points, reference(losses))).toBe(after - before);
      }),
    );
  });
});

it('is refused for more losses than it is exact for', () => {
  expect(() => hypervolume([[0, 0, 0, 0]], [1, 1, 1, 1])).toThrow(RangeError);
});
