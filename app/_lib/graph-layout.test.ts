import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layoutGraph, neighbourOf } from './graph-layout.ts';

const size = { nodeWidth: 100, nodeHeight: 20, gapX: 40, gapY: 10 };
const ids = (...names: string[]) => names.map((id) => ({ id }));

test('edges lead to the right, boxes never overlap, everything lies inside', () => {
  const graph = fc.integer({ min: 1, max: 14 }).chain((n) =>
    fc.record({
      n: fc.constant(n),
      edges: fc.array(fc.tuple(fc.nat(n - 1), fc.nat(n - 1)), { maxLength: 30 }),
    }),
  );
  fc.assert(
    fc.property(graph, ({ n, edges }) => {
      const nodes = ids(...Array.from({ length: n }, (_, i) => `n${i}`));
      const acyclic = edges.filter(([a, b]) => a < b).map(([a, b]) => ({ from: `n${a}`, to: `n${b}` }));
      const layout = layoutGraph(nodes, acyclic, size);
      const at = new Map(layout.placed.map((p) => [p.node.id, p]));
      expect(at.size).toBe(n);
      for (const { from, to } of acyclic) expect(at.get(from)!.x + size.nodeWidth).toBeLessThan(at.get(to)!.x);
      for (const a of layout.placed) {
        expect(a.x >= 0 && a.y >= 0).toBe(true);
        expect(a.x + size.nodeWidth <= layout.width && a.y + size.nodeHeight <= layout.height + 1e-9).toBe(true);
        for (const b of layout.placed) {
          if (a !== b && a.layer === b.layer) expect(Math.abs(a.y - b.y)).toBeGreaterThanOrEqual(size.nodeHeight);
        }
      }
    }),
  );
});

test('a layer is ordered by what leads to it', () => {
  const edges = [
    { from: 'a', to: 'y' },
    { from: 'b', to: 'x' },
  ];
  const layout = layoutGraph(ids('a', 'b', 'x', 'y'), edges, size);
  expect(layout.placed.map((p) => p.node.id)).toEqual(['a', 'b', 'y', 'x']);
});

test('a cycle and an empty graph end', () => {
  const edges = [
    { from: 'a', to: 'b' },
    { from: 'b', to: 'a' },
  ];
  expect(layoutGraph(ids('a', 'b'), edges, size).placed).toHaveLength(2);
  expect(layoutGraph([], [], size)).toMatchObject({ placed: [], width: 0 });
});

test('arrow keys follow edges and stay inside the drawing', () => {
  const edges = [
    { from: 'a', to: 'c' },
    { from: 'b', to: 'c' },
  ];
  const layout = layoutGraph(ids('a', 'b', 'c'), edges, size);
  const walk = (id: string, key: string) =>
    neighbourOf(layout, edges, layout.placed.find((place) => place.node.id === id)!, key);
  expect(['ArrowRight', 'ArrowDown', 'ArrowUp', 'ArrowLeft', 'x'].map((key) => walk('a', key))).toEqual([
    'c',
    'b',
    'a',
    'a',
    undefined,
  ]);
  expect(walk('c', 'ArrowLeft')).toBe('a');
});
