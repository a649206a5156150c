/** Learned vectors for categories, words and other indices. */
import type { Init, NetworkBuilder, Value } from '../ir/network.ts';

const standard: Init = { kind: 'normal', deviation: 1 };

/** Rows of a learned table `name` [K, rows, width] at indices (int64) [K or 1, ...]: [K, ..., width]. */
export function embedding(
  net: NetworkBuilder,
  name: string,
  indices: Value,
  rows: number,
  width: number,
  init = standard,
): Value {
  return net.apply('gather', [net.parameter(name, ['K', rows, width], init), indices]);
}
