import { expect, test } from 'vitest';
import { BatchOrder } from './order.ts';

const range = (n: number, from = 0) => Int32Array.from({ length: n }, (_, i) => from + i);

test('every epoch takes each row once, the last partial batch masked', () => {
  const order = new BatchOrder([range(7), range(5, 100)], [1, 2], 3, 'mask');
  expect(order.stepsPerEpoch).toBe(2);
  const { order: rows, mask } = order.nextMasked(6);
  const of = (k: number, steps: number): number[] =>
    Array.from({ length: steps }, (_, s) => [...Array(3).keys()].map((i) => (s * 2 + k) * 3 + i))
      .flat()
      .flatMap((at) => (mask[at]! > 0 ? [Number(rows[at])] : []));
  expect(of(0, 3).sort((a, b) => a - b)).toEqual([...range(7)]);
  // The shorter member has had three epochs by then.
  expect(of(1, 6).sort((a, b) => a - b)).toEqual([...range(5, 100)].flatMap((r) => [r, r, r]));
  for (let batch = 0; batch < 12; batch++) {
    expect(mask.subarray(batch * 3, batch * 3 + 3).reduce((a, b) => a + b, 0)).toBeCloseTo(3, 6);
  }
});

test('a member kept goes on as if nobody had left, and as it would alone', () => {
  const rows = [range(9), range(6, 10), range(8, 20)];
  const all = new BatchOrder(rows, [1, 2, 3], 2);
  const alone = new BatchOrder([rows[2]!], [3], 2);
  const own = (order: BigInt64Array, members: number, k: number) =>
    [...order].filter((_, i) => Math.floor(i / 2) % members === k);
  expect(own(all.next(7), 3, 2)).toEqual([...alone.next(7)]);
  expect(own(all.keep([0, 2]).next(5), 2, 1)).toEqual([...alone.next(5)]);
});

test('too large a batch is refused', () => {
  expect(() => new BatchOrder([range(3)], [1], 4)).toThrow(/more than a member has/);
  expect(new BatchOrder([range(3)], [1], 4, 'mask').next(1)).toHaveLength(4);
});
