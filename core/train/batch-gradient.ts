/** Loss and gradient of one batch of every member, as nodes of a step. */
import { emitBackward, emitForward } from '../ir/emit.ts';
import type { Network } from '../ir/network.ts';
import { type Shape, sizes } from '../ir/shape.ts';
import type { GraphBuilder } from '../onnx/builder.ts';
import { type Constants, Emitter, type EmitterOptions } from '../ops/emitter.ts';
import { type DataInputs, takeData } from './data.ts';
import type { Layout } from './layout.ts';
import { emitMixup } from './mixup.ts';
import type { UniformSource } from './uniform.ts';

/** Changes a batch [K, N, ...] of an input; random numbers come from the emitter's noise. */
export type Augmentation = (e: Emitter, x: string, shape: readonly number[]) => string;

export interface BatchSpec {
  /** Bound at K and N, with an output `loss` [K]. */
  readonly network: Network;
  readonly layout: Layout;
  readonly data: DataInputs;
  readonly members: number;
  readonly augment: Readonly<Record<string, readonly Augmentation[]>>;
  readonly mixup: readonly string[];
  readonly half: readonly string[];
  readonly forms: Omit<EmitterOptions, 'mode' | 'noise' | 'constants'>;
  readonly constants: Constants['values'];
}

/** Flat gradient [K, n] of the sum of the members' losses, and the losses [K]. */
export interface BatchGradient {
  readonly gradient: string;
  readonly loss: string;
}

/** The emitter of nodes in `body`, which is inside `graph`. `at` gives a table's entry for the step. */
export function stepEmitter(
  spec: BatchSpec,
  graph: GraphBuilder,
  body: GraphBuilder,
  at: (table: string) => string,
  uniforms: UniformSource,
): Emitter {
  const scales = new Map<string, string>();
  // Values that members share are dropped at the first member's rate.
  const rateScale = (shape: Shape): string => {
    const own = shape[0] === spec.members;
    const dims = shape.map((_, i) => (i === 0 && own ? spec.members : 1));
    const known = scales.get(`${dims}`);
    if (known !== undefined) return known;
    const all = at('rate_scale');
    const first = own ? all : body.node('Slice', [all, body.int64([0]), body.int64([1])]);
    const scale = body.node('Reshape', [first, body.int64(dims)]);
    scales.set(`${dims}`, scale);
    return scale;
  };
  return new Emitter(body, {
    ...spec.forms,
    mode: 'training',
    constants: { outer: graph, values: spec.constants },
    noise: { uniform: (shape) => uniforms.read(body, () => at('offsets'), shape), rateScale },
  });
}

/**
 * Emits forward and backward pass of the rows `rows` [K, N].
 * @param parameters names of the parameters by value id (`splitParameters`)
 * @param at gives a table's entry for the step
 */
export function emitBatchGradient(
  spec: BatchSpec,
  graph: GraphBuilder,
  e: Emitter,
  parameters: ReadonlyMap<number, string>,
  rows: string,
  at: (table: string) => string,
): BatchGradient {
  const { network, layout, members, augment, mixup } = spec;
  const given = new Map(parameters);
  for (const name of [...Object.keys(augment), ...mixup]) {
    const { kind } = spec.data[name] ?? {};
    const value = network.inputs[name];
    const mixes = kind === 'classes' || (kind === 'rows' && value?.type === 'float');
    if (!mixes) throw new RangeError(`Only rows of floats can be changed on their way in, not ${name}.`);
  }
  const share = mixup.length > 0 ? at('mix') : '';
  for (const [name, { kind }] of Object.entries(spec.data)) {
    const value = network.inputs[name]!;
    const shape = sizes(value.shape);
    let taken = takeData(graph, e.graph, value, name, kind, rows, at, spec.half.includes(name));
    for (const change of augment[name] ?? []) taken = change(e, taken, shape);
    if (mixup.includes(name)) taken = emitMixup(e, taken, shape, share);
    given.set(value.id, taken);
  }
  const { loss } = network.outputs;
  if (!loss) throw new RangeError('The network has no output called loss.');
  const pass = emitForward(e, network, given, [loss]);
  // Parameters that stay as they are cost no gradient, nor do they count in its norm.
  const trained = network.parameters.filter((q) => q.rate !== 0).map((q) => q.value);
  const found = emitBackward(e, network, pass, loss, trained);
  const gradients = layout.entries.map(({ id, size }) => {
    const g = found[trained.findIndex((q) => q.id === id)];
    const flat = [members, size];
    return g === undefined ? e.constant(new Float32Array(members * size), flat) : e.reshape(g, flat);
  });
  const gradient = gradients.length === 1 ? gradients[0]! : e.op('Concat', gradients, { axis: 1 });
  return { gradient, loss: pass.names.get(loss.id)! };
}

/** Names of the parameters by value id, views of the flat vectors `flat` [K, n]. */
export function splitParameters(body: GraphBuilder, flat: string, layout: Layout): Map<number, string> {
  const lengths = body.int64(layout.entries.map((entry) => entry.size));
  const count = layout.entries.length;
  const parts = count === 1 ? [flat] : body.node('Split', [flat, lengths], { axis: 1 }, { outputs: count });
  return new Map(layout.entries.map(({ id, shape }, i) => [id, body.node('Reshape', [parts[i]!, body.int64(shape)])]));
}
