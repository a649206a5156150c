/**
 * How long a network takes for one batch: the prices of its operators, measured once on a machine, with a correction that
 * is learned from a few whole networks. Runtimes fuse operators and keep what fits in their caches, so a sum alone is
 * biased (Cai, Zhu and Han 2019 look up; Dudziak and others 2020 on what that misses).
 */
import { nonNegativeLeastSquares } from '../math/least-squares.ts';
import type { Operation } from './operations.ts';

/** Milliseconds by `Operation.key`. */
export type Prices = ReadonlyMap<string, number>;

/** Prices of another machine or a dearer protocol, by operator: under encryption a softmax may cost fifty times as much. */
export function repriced(prices: Prices, factors: Readonly<Record<string, number>>): Prices {
  return new Map([...prices].map(([key, price]) => [key, price * (factors[key.slice(0, key.indexOf(' '))] ?? 1)]));
}

export interface LatencyModel {
  readonly prices: Prices;
  /** Milliseconds of any run; per millisecond of prices; per operator. None is negative. */
  readonly fixed: number;
  readonly perPrice: number;
  readonly perOperator: number;
}

export interface MeasuredNetwork {
  readonly operations: readonly Operation[];
  readonly milliseconds: number;
}

/** @throws RangeError that names an operator without a price */
function priceOf(operations: readonly Operation[], prices: Prices): number {
  return operations.reduce((sum, { key }) => {
    const price = prices.get(key);
    if (price === undefined) throw new RangeError(`There is no price for ${key}.`);
    return sum + price;
  }, 0);
}

/** Fits the correction to relative errors, so that small networks count as much as large ones. */
export function fitLatency(prices: Prices, measured: readonly MeasuredNetwork[]): LatencyModel {
  const rows = measured.map(({ operations, milliseconds }) =>
    [1, priceOf(operations, prices), operations.length].map((v) => v / milliseconds),
  );
  const [fixed, perPrice, perOperator] = nonNegativeLeastSquares(rows, new Array(rows.length).fill(1));
  return { prices, fixed: fixed!, perPrice: perPrice!, perOperator: perOperator! };
}

/** @returns milliseconds */
export function predictLatency(model: LatencyModel, operations: readonly Operation[]): number {
  return model.fixed + model.perPrice * priceOf(operations, model.prices) + model.perOperator * operations.length;
}
