/** Data for tests of layers. */
import type { Network } from '../../ir/network.ts';
import { countOf } from '../../ir/shape.ts';
import { Random } from '../../math/random.ts';

/** Normally distributed numbers for every input and parameter of a bound network, but for those given in `fixed`. */
export function drawFeeds(
  network: Network,
  seed: number,
  fixed: Readonly<Record<string, readonly number[]>> = {},
): Record<string, readonly number[]> {
  const random = new Random(seed);
  const inputs = Object.entries(network.inputs).map(([name, value]) => ({ name, value }));
  return Object.fromEntries(
    [...inputs, ...network.parameters].map(({ name, value }) => {
      const drawn = Array.from({ length: countOf(value.shape) }, () => random.normal());
      return [name, fixed[name] ?? drawn];
    }),
  );
}
