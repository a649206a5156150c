/**
 * Supernets: one set of weights of which the leading units of every layer are a network of their own. A step is several
 * batches (`accumulate`), each with other units masked; the best part is cut out afterwards (`transferParameters`).
 */
import type { NetworkBuilder, Value } from '../ir/network.ts';
import { ShapeError, showShape } from '../ir/shape.ts';
import { Random } from '../math/random.ts';

/** The input of a layer's mask; its data is of kind `step`. */
export const maskName = (layer: string): string => `units.${layer}`;

/**
 * x [K, N, ..., width] with the units that this step leaves out at 0, by a mask input [K, 1, ..., width]. After the
 * activation, and not before a normalisation over units, which would see the zeros.
 */
export function elastic(net: NetworkBuilder, layer: string, x: Value): Value {
  const width = x.shape.at(-1);
  if (typeof width !== 'number') throw new ShapeError(`${showShape(x.shape)} has no width.`);
  return net.apply('mul', [x, net.input(maskName(layer), [x.shape[0]!, ...x.shape.slice(1, -1).map(() => 1), width])]);
}

/** Widths that each layer may have, by its name, in ascending order. */
export type WidthChoices = Readonly<Record<string, readonly number[]>>;
export type Widths = Readonly<Record<string, number>>;

/** Which parts a step trains: the sandwich rule has the largest and the smallest always (Yu and Huang 2019), uniform none. */
export type PartRule = 'sandwich' | 'uniform';

/** The `count` parts of step `t`; those drawn depend on seed and step alone. */
export function partsOfStep(rule: PartRule, choices: WidthChoices, count: number, seed: number, t: number): Widths[] {
  const layers = Object.keys(choices);
  const part = (of: (widths: readonly number[]) => number): Widths =>
    Object.fromEntries(layers.map((layer) => [layer, of(choices[layer]!)]));
  const fixed = rule === 'sandwich' ? [part((w) => w.at(-1)!), part((w) => w[0]!)].slice(0, count) : [];
  const random = new Random(new Random(seed).uint32() + (t + 1) * 0x1_0000_0000);
  const drawn = Array.from({ length: count - fixed.length }, () => part((w) => w[random.integer(w.length)]!));
  return [...fixed, ...drawn];
}

/** The mask inputs of batches that train `parts` one after the other, each for all members. */
export function unitMasks(
  choices: WidthChoices,
  parts: readonly Widths[],
  members: number,
): Record<string, Float32Array> {
  return Object.fromEntries(
    Object.entries(choices).map(([layer, widths]) => {
      const full = widths.at(-1)!;
      const mask = new Float32Array(parts.length * members * full);
      parts.forEach((part, i) => {
        for (let k = 0; k < members; k++) {
          const from = (i * members + k) * full;
          mask.fill(1, from, from + part[layer]!);
        }
      });
      return [maskName(layer), mask];
    }),
  );
}

/** `order` [steps, K, batch] with every step's batch `times` over: all parts of a step see the same rows. */
export function repeatBatches(order: BigInt64Array, perBatch: number, times: number): BigInt64Array {
  const out = new BigInt64Array(order.length * times);
  for (let at = 0, to = 0; at < order.length; at += perBatch) {
    for (let i = 0; i < times; i++, to += perBatch) out.set(order.subarray(at, at + perBatch), to);
  }
  return out;
}
