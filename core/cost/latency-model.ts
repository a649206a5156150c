/**
 * How long a network takes for one batch: the prices of its operators, measured once on a machine, with a correction that
 * is learned from a few whole networks. Runtimes fuse operators and keep what fits in their caches, so a sum alone is
 * biased (Cai, Zhu and Han 2019 look up; Dudziak and others 2020 on what that misses).
 */
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

const SWEEPS = 2000;

/** Coordinate descent on ||A x - b||² with x >= 0. */
function nonNegativeLeastSquares(a: readonly (readonly number[])[], b: readonly number[]): number[] {
  const n = a[0]?.length ?? 0;
  const gram = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => a.reduce((sum, row) => sum + row[i]! * row[j]!, 0)),
  );
  const right = Array.from({ length: n }, (_, i) => a.reduce((sum, row, r) => sum + row[i]! * b[r]!, 0));
  const x = new Array<number>(n).fill(0);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (let i = 0; i < n; i++) {
      if (!(gram[i]![i]! > 0)) continue;
      const others = gram[i]!.reduce((sum, g, j) => sum + (j === i ? 0 : g * x[j]!), 0);
      x[i] = Math.max(0, (right[i]! - others) / gram[i]![i]!);
    }
  }
  return x;
}
