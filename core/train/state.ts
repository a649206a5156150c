/** The whole state of a training run: three or four flat vectors and a step counter. */
import { bindNetwork, type Init, type Network } from '../ir/network.ts';
import { Random } from '../math/random.ts';
import { type Layout, layoutOf } from './layout.ts';

export interface TrainingState {
  /** [K, n] row-major, as are the moments. */
  readonly parameters: Float32Array;
  readonly first: Float32Array;
  readonly second: Float32Array;
  /** Moving average of the parameters, where the program keeps one; before the first step the parameters themselves. */
  readonly average?: Float32Array;
  /** Updates done. */
  readonly step: number;
}

/**
 * A fresh state. Member k draws from seeds[k] alone, so it starts equal whatever it is trained beside.
 * @param gains multiply what each member draws; constants stay
 */
export function initialState(layout: Layout, seeds: readonly number[], gains?: readonly number[]): TrainingState {
  const total = layout.size * seeds.length;
  const parameters = new Float32Array(total);
  seeds.forEach((seed, k) => {
    const random = new Random(seed);
    const gain = gains?.[k] ?? 1;
    for (const { offset, size, init } of layout.entries) {
      const from = k * layout.size + offset;
      const each = ('each' in init && init.each) || 1;
      for (let i = from; i < from + size; i += each)
        parameters.fill(draw(init, random) * (init.kind === 'constant' ? 1 : gain), i, Math.min(i + each, from + size));
    }
  });
  return { parameters, first: new Float32Array(total), second: new Float32Array(total), step: 0 };
}

/** What one fresh member draws, by parameter name. */
export function drawParameters(network: Network, seed: number): Map<string, Float32Array> {
  const layout = layoutOf(bindNetwork(network, { K: 1 }));
  const { parameters } = initialState(layout, [seed]);
  return new Map(layout.entries.map(({ name, offset, size }) => [name, parameters.slice(offset, offset + size)]));
}

function draw(init: Init, random: Random): number {
  if (init.kind === 'constant') return init.value;
  if (init.kind === 'normal') return init.deviation * random.normal();
  if (init.kind === 'signs') return random.integer(2) * 2 - 1;
  return init.low + (init.high - init.low) * random.uniform();
}

/** The state of the members `kept` alone, in their order. */
export function keepMembers(state: TrainingState, layout: Layout, kept: readonly number[]): TrainingState {
  const rows = (all: Float32Array): Float32Array => {
    const some = new Float32Array(kept.length * layout.size);
    kept.forEach((k, i) => {
      some.set(all.subarray(k * layout.size, (k + 1) * layout.size), i * layout.size);
    });
    return some;
  };
  const { parameters, first, second, average, step } = state;
  return {
    parameters: rows(parameters),
    first: rows(first),
    second: rows(second),
    ...(average ? { average: rows(average) } : {}),
    step,
  };
}

/** One parameter of all members, [K, ...] row-major: a copy out of the flat vectors. */
export function readParameter(layout: Layout, parameters: Float32Array, name: string): Float32Array {
  const entry = entryNamed(layout, name);
  const members = parameters.length / layout.size;
  const out = new Float32Array(members * entry.size);
  for (let k = 0; k < members; k++) {
    const from = k * layout.size + entry.offset;
    out.set(parameters.subarray(from, from + entry.size), k * entry.size);
  }
  return out;
}

/** Writes one parameter of all members into the flat vectors. */
export function writeParameter(layout: Layout, parameters: Float32Array, name: string, values: Float32Array): void {
  const entry = entryNamed(layout, name);
  for (let k = 0; k * entry.size < values.length; k++) {
    parameters.set(values.subarray(k * entry.size, (k + 1) * entry.size), k * layout.size + entry.offset);
  }
}

function entryNamed(layout: Layout, name: string): Layout['entries'][number] {
  const entry = layout.entries.find((e) => e.name === name);
  if (!entry) throw new RangeError(`There is no parameter called ${name}.`);
  return entry;
}
