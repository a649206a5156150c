/** A trained bag as one block of bytes: fold models, out-of-fold predictions, notes. */
import type { FoldModel } from '../contracts/learner.ts';
import { type PackableArray, pack, unpack } from '../math/pack.ts';
import type { Bag } from './bag.ts';

interface Meta {
  readonly learner: string;
  readonly scale: Bag['scale'];
  readonly states: readonly FoldModel['state'][];
  readonly steps: readonly number[];
  readonly notes: readonly string[];
}

export function packBag(bag: Bag): Uint8Array {
  const arrays: Record<string, PackableArray> = { predictions: bag.predictions };
  bag.models.forEach((model, k) => {
    for (const [name, array] of Object.entries(model.arrays)) arrays[`${k}/${name}`] = array;
  });
  const { learner, scale, steps, notes } = bag;
  const meta: Meta = { learner, scale, states: bag.models.map((model) => model.state), steps, notes };
  return pack({ meta, arrays });
}

/** The inverse. Throws on bytes that are no packed block, and does not look into what the block says. */
export function unpackBag(bytes: Uint8Array): Bag {
  const { meta: raw, arrays } = unpack(bytes);
  const { learner, scale, states, steps, notes } = raw as Meta;
  const own: Record<string, PackableArray>[] = states.map(() => ({}));
  for (const [name, array] of Object.entries(arrays)) {
    const slash = name.indexOf('/');
    const fold = own[Number(name.slice(0, slash))];
    if (slash > 0 && fold) fold[name.slice(slash + 1)] = array;
  }
  const models = states.map((state, k): FoldModel => ({ state, arrays: own[k] ?? {} }));
  return { learner, scale, models, predictions: arrays.predictions as Float32Array, steps, notes };
}
