import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pieceEdges } from './pieces.ts';

test('few values are all edges', () => {
  expect(pieceEdges(Float32Array.of(1, 1, 2, 5), 4)).toEqual([1, 2, 5]);
});

test('a column that is mostly zeros resolves the rest', () => {
  const values = Float32Array.from({ length: 1000 }, (_, i) => Math.max(0, i - 900));
  const edges = pieceEdges(values, 16);
  expect(edges[0]).toBe(0);
  expect(edges.at(-1)).toBe(99);
  expect(edges.length).toBeGreaterThan(12);
});

test('edges rise strictly, lie in the data, span it and are no more than asked for', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.integer({ min: -5, max: 5 }), fc.float({ noNaN: true, noDefaultInfinity: true })), {
        minLength: 1,
        maxLength: 300,
      }),
      fc.integer({ min: 3, max: 40 }),
      (list, pieces) => {
        const sorted = Float32Array.from(list).sort();
        const edges = pieceEdges(sorted, pieces);
        expect(edges[0]).toBe(sorted[0]);
        expect(edges.at(-1)).toBe(sorted.at(-1));
        edges.slice(1).forEach((e, i) => {
          expect(e).toBeGreaterThan(edges[i]!);
        });
        expect(edges.length).toBeLessThanOrEqual(2 * pieces + 2);
        expect(edges.every((e) => sorted.includes(e))).toBe(true);
      },
    ),
  );
});
