/** A trained bag as one block of bytes: fold models, out-of-fold predictions and what made them, plans, notes. */
import type { FitPlan, FoldModel } from '../contracts/learner.ts';
import { type PackableArray, pack, unpack } from '../math/pack.ts';
import type { Bag } from './bag.ts';

interface Meta {
  readonly learner: string;
  readonly scale: Bag['scale'];
  readonly states: readonly FoldModel['state'][];
  readonly judged?: readonly FoldModel['state'][];
  readonly steps: readonly number[];
  readonly plans?: readonly FitPlan[];
  readonly notes: readonly string[];
}

type Arrays = Record<string, PackableArray>;

/** Arrays of models under `prefix` and the number of their fold. */
function spread(models: readonly FoldModel[], prefix: string, into: Arrays): void {
  models.forEach((model, k) => {
    for (const [name, array] of Object.entries(model.arrays)) into[`${prefix}${k}/${name}`] = array;
  });
}

function gather(states: readonly FoldModel['state'][], prefix: string, from: Arrays): FoldModel[] {
  return states.map((state, k) => {
    const start = `${prefix}${k}/`;
    const own = Object.entries(from).filter(([name]) => name.startsWith(start));
    return { state, arrays: Object.fromEntries(own.map(([name, array]) => [name.slice(start.length), array])) };
  });
}

const statesOf = (models: readonly FoldModel[]) => models.map((model) => model.state);

export function packBag(bag: Bag): Uint8Array {
  const { learner, scale, steps, plans, notes, models, judged } = bag;
  const arrays: Arrays = { predictions: bag.predictions };
  spread(models, '', arrays);
  if (judged) spread(judged, 'judged', arrays);
  const states = { states: statesOf(models), ...(judged ? { judged: statesOf(judged) } : {}) };
  const meta: Meta = { learner, scale, ...states, steps, ...(plans ? { plans } : {}), notes };
  return pack({ meta, arrays });
}

/** The inverse. Throws on bytes that are no packed block, and does not look into what the block says. */
export function unpackBag(bytes: Uint8Array): Bag {
  const { meta: raw, arrays } = unpack(bytes);
  const { learner, scale, states, judged, steps, plans, notes } = raw as Meta;
  return {
    learner,
    scale,
    models: gather(states, '', arrays),
    ...(judged ? { judged: gather(judged, 'judged', arrays) } : {}),
    predictions: arrays.predictions as Float32Array,
    steps,
    ...(plans ? { plans } : {}),
    notes,
  };
}
