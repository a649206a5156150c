/** A trained bag as it lies in the blob store: fold models, out-of-fold predictions, notes. */
import { readFile, writeFile } from 'node:fs/promises';
import type { FoldModel } from '#core/contracts/learner.ts';
import type { Bag } from '#core/learners/bag.ts';
import { type PackableArray, pack, unpack } from '#core/math/pack.ts';

interface Meta {
  readonly learner: string;
  readonly scale: Bag['scale'];
  readonly states: readonly FoldModel['state'][];
  readonly steps: readonly number[];
  readonly notes: readonly string[];
}

export async function writeBag(path: string, bag: Bag): Promise<void> {
  const arrays: Record<string, PackableArray> = { predictions: bag.predictions };
  bag.models.forEach((model, k) => {
    for (const [name, array] of Object.entries(model.arrays)) arrays[`${k}/${name}`] = array;
  });
  const { learner, scale, steps, notes } = bag;
  const meta: Meta = { learner, scale, states: bag.models.map((model) => model.state), steps, notes };
  await writeFile(path, pack({ meta, arrays }));
}

export async function readBag(path: string): Promise<Bag> {
  const { meta: raw, arrays } = unpack(await readFile(path));
  const { learner, scale, states, steps, notes } = raw as Meta;
  const own: Record<string, PackableArray>[] = states.map(() => ({}));
  for (const [name, array] of Object.entries(arrays)) {
    const slash = name.indexOf('/');
    if (slash > 0) (own[Number(name.slice(0, slash))] as Record<string, PackableArray>)[name.slice(slash + 1)] = array;
  }
  const models = states.map((state, k): FoldModel => ({ state, arrays: own[k] ?? {} }));
  return { learner, scale, models, predictions: arrays.predictions as Float32Array, steps, notes };
}
