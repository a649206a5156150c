import { describe, expect, test } from 'vitest';
import { Random } from '../math/random.ts';
import { searched } from '../networks/testing/searched.ts';
import { sampleDesign } from '../spaces/space.ts';
import { fitLatency, predictLatency, repriced } from './latency-model.ts';
import { operationsOf } from './operations.ts';

const random = new Random(3);
const networks = Object.values(searched).flatMap(({ space, build }) =>
  Array.from({ length: 15 }, () => build(sampleDesign(space, random))),
);

describe('operators by themselves', () => {
  test('have the shape they have in the network, and equal ones share a key', () => {
    for (const network of networks) {
      const operations = operationsOf(network, 1, ['prediction']);
      // The loss and the statistics of batches are no part of a prediction.
      expect(operations.map(({ op }) => op)).not.toContain('cross-entropy');
      expect(operations.at(-1)!.op).toBe('softmax');
      for (const { network: alone, op } of operations) expect(alone().applications.map((a) => a.op)).toEqual([op]);
    }
    const [first] = networks.map((network) => operationsOf(network, 1, ['prediction']));
    const [again] = networks.map((network) => operationsOf(network, 1, ['prediction']));
    expect(first!.map(({ key }) => key)).toEqual(again!.map(({ key }) => key));
    expect(operationsOf(networks[0]!, 2, ['prediction'])[0]!.key).not.toBe(first![0]!.key);
  });
});

describe('the latency model', () => {
  const operations = networks.map((network) => operationsOf(network, 1, ['prediction']));
  const prices = new Map(operations.flat().map(({ key }, i) => [key, 0.01 + (i % 7) / 100]));
  const truth = { prices, fixed: 0.2, perPrice: 0.7, perOperator: 0.005 };

  test('finds the correction that made the times', () => {
    const measured = operations.map((list) => ({ operations: list, milliseconds: predictLatency(truth, list) }));
    const fitted = fitLatency(prices, measured.slice(0, 20));
    for (const { operations, milliseconds } of measured.slice(20))
      expect(Math.abs(predictLatency(fitted, operations) / milliseconds - 1)).toBeLessThan(1e-3);
  });

  test('follows prices that are given', () => {
    const dear = { ...truth, prices: repriced(prices, { conv: 50 }) };
    for (const list of operations) {
      const convolutions = list.filter(({ op }) => op === 'conv');
      const more = 49 * 0.7 * convolutions.reduce((sum, { key }) => sum + prices.get(key)!, 0);
      expect(predictLatency(dear, list) - predictLatency(truth, list)).toBeCloseTo(more, 9);
    }
  });

  test('is never negative, and names an operator without a price', () => {
    const falling = operations.map((list) => ({ operations: list, milliseconds: 1 / list.length }));
    const { fixed, perPrice, perOperator } = fitLatency(prices, falling);
    expect(Math.min(fixed, perPrice, perOperator)).toBeGreaterThanOrEqual(0);
    expect(() => predictLatency({ ...truth, prices: new Map() }, operations[0]!)).toThrow('There is no price for conv');
  });
});
