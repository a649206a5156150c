/** Random small networks: a chain of building blocks, each of which reads what the one before made. */
import type { Network, NetworkBuilder, Value } from '../../../ir/network.ts';
import { type Shape, sizes } from '../../../ir/shape.ts';
import { Random } from '../../../math/random.ts';
import { drawData } from '../cases.ts';
import { type Feeds, valuesOf } from '../gradient-check.ts';
import { type Block, drawOf, type Kind, type Step } from './block.ts';
import { bridges } from './bridges.ts';
import { imageBlocks } from './image-blocks.ts';
import { rowBlocks } from './row-blocks.ts';
import { tokenBlocks } from './token-blocks.ts';

/** By kind and name. */
export const blocks: Readonly<Record<string, Block>> = Object.fromEntries(
  Object.entries({ row: rowBlocks, token: tokenBlocks, image: imageBlocks, bridge: bridges }).flatMap(([group, all]) =>
    Object.entries(all).map(([name, block]) => [`${group}: ${name}`, block] as const),
  ),
);

const ranks: Readonly<Record<Kind, number>> = { loss: 1, rows: 3, tokens: 4, image: 5 };

export const kindOf = (shape: Shape): Kind =>
  (Object.keys(ranks) as Kind[]).find((kind) => ranks[kind] === shape.length)!;

/** Random numbers in training make it another function than inference. */
export const isNoisy = (name: string): boolean => /drop/.test(name);

/** Names of the blocks that `steps` choose, for an input of rank 3, 4 or 5. A loss is the last. */
export function chosen(shape: Shape, steps: readonly Step[], noisy = true): string[] {
  let kind = kindOf(shape);
  return steps.flatMap(({ pick }) => {
    const fitting = Object.keys(blocks).filter((name) => blocks[name]!.from === kind && (noisy || !isNoisy(name)));
    const name = fitting[pick % fitting.length];
    if (name === undefined) return [];
    kind = blocks[name]!.to;
    return [name];
  });
}

/** Applies the named blocks one after the other to an input `x0`. */
export function compose(net: NetworkBuilder, shape: Shape, names: readonly string[], steps: readonly Step[]): Value {
  return names.reduce<Value>(
    (x, name, at) => blocks[name]!.build(net, x, steps[at]!.width, at),
    net.input('x0', shape),
  );
}

/** Data for every input and parameter of a bound random network. */
export function feedsOf(network: Network, seed: number): Feeds {
  const random = new Random(seed);
  return Object.fromEntries(
    valuesOf(network).map(({ name, value }) => [
      name,
      drawData(drawOf(name), sizes(value.shape), () => random.uniform()),
    ]),
  );
}
