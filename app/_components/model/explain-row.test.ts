import { expect, test } from 'vitest';
import { effectsOf, probeRows } from './explain-row.ts';

test('one probe per column that is not at its usual value', () => {
  const probes = probeRows({ a: '1', b: 'x', c: null }, { a: '2', b: 'x', c: 'y' }, ['a', 'b', 'c']);
  expect(probes.changed).toEqual(['a', 'c']);
  expect(probes.rows).toEqual([
    { a: '1', b: 'x', c: null },
    { a: '2', b: 'x', c: null },
    { a: '1', b: 'x', c: 'y' },
  ]);
});

test('effects are what the value adds, largest first, tiny ones left out', () => {
  expect(effectsOf([0.7, 0.4, 0.9, 0.7], ['a', 'b', 'c'], 1)).toEqual([
    { column: 'a', change: expect.closeTo(0.3) },
    { column: 'b', change: expect.closeTo(-0.2) },
  ]);
});
