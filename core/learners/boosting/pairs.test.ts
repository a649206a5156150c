import { expect, it } from 'vitest';
import type { Features, Target } from '../../contracts/learner.ts';
import { Random } from '../../math/random.ts';

import { prepareFold } from './fold.ts';
import { pairValues } from './pairs.ts';

const rows = 600;
const random = new Random(2);
const numeric = Float32Array.from({ length: 5 * rows }, () => 0.5 + random.uniform());
const features: Features = {
  rows,
  numericNames: ['a', 'b', 'c', 'd', 'e'],
  numeric,
  categoricalNames: [],
  cardinalities: [],
  codes: new Int32Array(0),
};
const at = (column: number, row: number) => numeric[column * rows + row]!;
const ratio = Float32Array.from({ length: rows }, (_, i) => at(1, i) / at(3, i));
const target: Target = { problem: 'regression', classes: 1, values: ratio };
const all = Int32Array.from({ length: rows }, (_, i) => i);

it('pairs the columns that matter', async () => {
  const options = { bins: 64, oneHotLimit: 60, seed: 1, pairs: 2 };
  const { columns, train } = await prepareFold(features, target, all, all.slice(0, 9), options, async () => {});
  const pairs = columns.filter((column) => column.kind === 'pair');
  expect(pairs.map(({ op, a, b }) => [op, ...[a, b].sort()])).toEqual([
    ['Sub', 1, 3],
    ['Mul', 1, 3],
    ['Div', 1, 3],
    ['Div', 1, 3],
  ]);
  expect(train.features.length).toBe(columns.length);
});

it('calls what is no number missing, in float32', () => {
  const odd = { rows: 4, numeric: Float32Array.of(1, 0, 3e38, Number.NaN, 0, 0, 10, 1) };
  const values = (op: 'Div' | 'Mul' | 'Sub') =>
    Array.from(pairValues(odd, { kind: 'pair', op, a: 0, b: 1 }, Int32Array.of(0, 1, 2, 3)));
  expect(values('Div')).toEqual([Number.NaN, Number.NaN, Math.fround(3e37), Number.NaN]);
  expect(values('Mul')).toEqual([0, 0, Number.NaN, Number.NaN]);
  expect(values('Sub')).toEqual([1, 0, Math.fround(3e38), Number.NaN]);
});
