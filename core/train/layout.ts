/** Where each parameter lies in a member's flat vector. */
import type { Init, Network } from '../ir/network.ts';
import { sizes } from '../ir/shape.ts';

export interface LayoutEntry {
  readonly name: string;
  /** Id of the parameter's value in the network. */
  readonly id: number;
  readonly offset: number;
  /** Numbers per member. */
  readonly size: number;
  /** With the leading member axis. */
  readonly shape: readonly number[];
  readonly init: Init;
}

export interface Layout {
  /** Numbers per member. */
  readonly size: number;
  readonly entries: readonly LayoutEntry[];
  /** Learning-rate factor of every number; null when all are 1. */
  readonly rate: Float32Array | null;
  /** Weight-decay factor of every number; null when all are 1. */
  readonly decay: Float32Array | null;
}

/** Lays out the parameters of a bound network whose parameters all have the leading member axis. */
export function layoutOf(network: Network): Layout {
  let offset = 0;
  const entries = network.parameters.map((p): LayoutEntry => {
    const shape = sizes(p.value.shape);
    const size = shape.slice(1).reduce((a, b) => a * b, 1);
    offset += size;
    return { name: p.name, id: p.value.id, offset: offset - size, size, shape, init: p.init };
  });
  const factors = (of: (i: number) => number): Float32Array | null => {
    if (entries.every((_, i) => of(i) === 1)) return null;
    const values = new Float32Array(offset);
    entries.forEach((e, i) => {
      values.fill(of(i), e.offset, e.offset + e.size);
    });
    return values;
  };
  return {
    size: offset,
    entries,
    rate: factors((i) => network.parameters[i]!.rate),
    decay: factors((i) => network.parameters[i]!.decay),
  };
}
