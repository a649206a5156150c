/** The training program: forward, backward and update as one ONNX graph whose `Loop` runs many steps per call. */
import type { Provider, Tensor } from '../contracts/runtime.ts';
import { emitBackward, emitForward } from '../ir/emit.ts';
import { bindNetwork, type Network } from '../ir/network.ts';
import { countOf, sizes } from '../ir/shape.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import { Emitter } from '../ops/emitter.ts';
import { type Layout, layoutOf } from './layout.ts';
import { emitUpdate, type OptimizerName } from './optimizer.ts';
import { addScaled } from './update.ts';

/**
 * How a network input is filled at each step, from a data tensor that is handed to every call:
 * `rows`: float32 or int64 rows of a matrix, as the network input's type says;
 * `classes`: int64 class indices [n], expanded to rows of 0 and 1 of the input's last size;
 * `whole`: the network input itself, the same at every step, such as a graph.
 */
export type DataKind = 'rows' | 'classes' | 'whole';

export interface ProgramSpec {
  /** Inputs have shape [K, N, ...]; the output `loss` has shape [K]. */
  readonly network: Network;
  readonly data: Readonly<Record<string, DataKind>>;
  /** Members K that are trained side by side, each on its own rows with its own parameters. */
  readonly members: number;
  /** Rows N of a step. */
  readonly batch: number;
  /** AdamW where not stated. */
  readonly optimizer?: OptimizerName;
  /** Momentum of SGD; the two rates of AdamW and Lion. */
  readonly beta1: number;
  readonly beta2: number;
  /** Whether a moving average of the parameters is kept. */
  readonly average?: boolean;
  /** Whether decoupled weight decay is emitted. */
  readonly decay: boolean;
  /** Largest L2 norm of a member's gradient, or null for no limit. */
  readonly clipNorm: number | null;
  /** Whether com.microsoft kernels may be used (onnxruntime of the last year, node and web). */
  readonly contrib: boolean;
  /** Intra-op threads of the session that will run it. */
  readonly threads: number;
  /** What will run it; the native CPU where not stated. */
  readonly provider?: Provider;
  /** Numbers of `whole` inputs that programs may be built around: sparse features, edges. They must be the data of every call. */
  readonly known?: Readonly<Record<string, Tensor>>;
  /** Channels of a block in blocked convolutions (`blockSizeOf` of the runtime), or null for none. */
  readonly block?: number | null;
}

export interface Program {
  readonly bytes: Uint8Array;
  readonly layout: Layout;
  readonly members: number;
  readonly batch: number;
  readonly optimizer: OptimizerName;
  readonly average: boolean;
  /** Slices of the noise pool that a step reads: number of values of each. */
  readonly noise: readonly number[];
  readonly data: Readonly<Record<string, { readonly kind: DataKind; readonly width: readonly number[] }>>;
}

/**
 * Graph inputs: `parameters`, `first`, `second` [K, n]; `order` int64 [T, K, B]; per step and member [T, K, 1]:
 * `step_size`, `epsilon`, `keep` (see update.ts); with an average `average` [K, n] and `follow` [T, K, 1]; with dropout `noise` [p], `offsets` int64 [T, D] and `rate_scale` [T];
 * one data tensor per network input, by its name. Outputs: `parameters_out`, `first_out`, `second_out`, `losses` [T, K],
 * and `average_out`.
 */
export function compileProgram(spec: ProgramSpec): Program {
  const { members, batch, optimizer = 'adamw', average = false } = spec;
  const network = bindNetwork(spec.network, { K: members, N: batch });
  const layout = layoutOf(network);
  const graph = new GraphBuilder('training');
  const state = [members, layout.size];
  const carried = ['parameters', 'first', 'second', ...(average ? ['average'] : [])];
  const tables = ['step_size', 'epsilon', 'keep', ...(average ? ['follow'] : [])];
  for (const name of carried) graph.input(name, 'float32', state);
  graph.input('order', 'int64', [null, members, batch]);
  for (const name of tables) graph.input(name, 'float32', [null, members, 1]);
  const data = Object.fromEntries(
    Object.entries(spec.data).map(([name, kind]) => {
      const value = network.inputs[name];
      if (!value) throw new RangeError(`The network has no input called ${name}.`);
      const width = kind === 'classes' ? [] : sizes(value.shape).slice(2);
      const type = kind === 'classes' || value.type === 'int64' ? 'int64' : 'float32';
      graph.input(name, type, kind === 'whole' ? sizes(value.shape) : [null, ...width]);
      return [name, { kind, width }];
    }),
  );

  const body = graph.subgraph('step');
  const step = body.input('step', 'int64', []);
  const go = body.input('go', 'bool', []);
  const [p, m, v] = ['p', 'm', 'v'].map((name) => body.input(name, 'float32', state)) as [string, string, string];
  const mean = average ? body.input('a', 'float32', state) : null;
  const at = (table: string): string => body.node('Gather', [table, step], { axis: 0 });
  const rows = at('order');
  const given = new Map<number, string>();
  for (const [name, { kind }] of Object.entries(data)) {
    const value = network.inputs[name]!;
    if (kind === 'whole') {
      given.set(value.id, name);
      continue;
    }
    let taken = body.node('Gather', [name, rows], { axis: 0 });
    if (kind === 'classes') {
      const classes = sizes(value.shape)[2]!;
      taken = body.node('Gather', [graph.float32(identity(classes), [classes, classes]), taken], { axis: 0 });
    }
    given.set(value.id, taken);
  }
  const noise: number[] = [];
  const uniform = (shape: readonly number[]): string => {
    const start = body.node('Slice', [at('offsets'), body.int64([noise.length]), body.int64([noise.length + 1])]);
    noise.push(countOf(shape));
    const end = body.node('Add', [start, body.int64([countOf(shape)])]);
    return body.node('Reshape', [body.node('Slice', ['noise', start, end]), body.int64(shape)]);
  };
  const rateScale = usesNoise(network) ? at('rate_scale') : null;
  const emitter = new Emitter(body, {
    mode: 'training',
    contrib: spec.contrib,
    threads: spec.threads,
    provider: spec.provider ?? 'cpu',
    block: spec.block ?? null,
    constants: { outer: graph, values: constantsOf(spec) },
    noise: { uniform, rateScale },
  });
  const lengths = layout.entries.map((entry) => entry.size);
  const parts = emitter.split(p, 1, lengths);
  layout.entries.forEach(({ id, shape }, i) => {
    given.set(id, emitter.reshape(parts[i]!, shape));
  });
  const loss = network.outputs.loss;
  if (!loss) throw new RangeError('The network has no output called loss.');
  const pass = emitForward(emitter, network, given, [loss]);
  // Parameters that stay as they are cost no gradient, nor do they count in its norm.
  const trained = network.parameters.filter((q) => q.rate !== 0).map((q) => q.value);
  const found = emitBackward(emitter, network, pass, loss, trained);
  const gradients = layout.entries.map(({ id, size }) => {
    const g = found[trained.findIndex((q) => q.id === id)];
    const flat = [members, size];
    return g === undefined ? emitter.constant(new Float32Array(members * size), flat) : emitter.reshape(g, flat);
  });
  const gradient = gradients.length === 1 ? gradients[0]! : body.node('Concat', gradients, { axis: 1 });
  const next = emitUpdate(
    optimizer,
    emitter,
    { parameters: p, first: m, second: v, gradient, shape: [members, layout.size] },
    { stepSize: at('step_size'), epsilon: at('epsilon'), keep: at('keep') },
    { ...spec, rate: layout.rate, decayFactor: layout.decay },
  );
  body.output('go_on', 'bool', [], go);
  body.output('p_next', 'float32', state, next.parameters);
  body.output('m_next', 'float32', state, next.first);
  body.output('v_next', 'float32', state, next.second);
  if (mean !== null) {
    const away = emitter.sub(next.parameters, mean);
    body.output('a_next', 'float32', state, addScaled(emitter, spec.contrib, mean, away, at('follow')));
  }
  body.output('loss', 'float32', [members], pass.names.get(loss.id)!);
  if (noise.length > 0) {
    graph.input('noise', 'float32', [null]);
    graph.input('offsets', 'int64', [null, noise.length]);
    graph.input('rate_scale', 'float32', [null]);
  }
  const trips = graph.node('Squeeze', [graph.node('Shape', ['order'], { start: 0, end: 1 })]);
  const always = graph.constant({ type: 'bool', dims: [], data: Uint8Array.of(1) });
  const inner = { body: body.toGraph() };
  const outputs = graph.node('Loop', [trips, always, ...carried], inner, { outputs: carried.length + 1 });
  carried.forEach((name, i) => {
    graph.output(`${name}_out`, 'float32', state, outputs[i]!);
  });
  graph.output('losses', 'float32', [null, members], outputs[carried.length]!);
  return { bytes: graph.toBytes(), layout, members, batch, optimizer, average, noise, data };
}

/** The inputs that stay the same over all steps, and their numbers where the program may be built around them. */
function constantsOf({ data, known }: ProgramSpec): Map<string, ArrayLike<number | bigint> | null> {
  const whole = Object.keys(data).filter((name) => data[name] === 'whole');
  return new Map(whole.map((name) => [name, numbersOf(known?.[name])]));
}

function numbersOf(tensor: Tensor | undefined): ArrayLike<number | bigint> | null {
  if (!tensor) return null;
  if (tensor.type === 'string') throw new TypeError('A network has no inputs of strings.');
  return tensor.data as ArrayLike<number | bigint>;
}

function usesNoise(network: Network): boolean {
  const noisy = ['dropout', 'drop-path'];
  return network.applications.some(({ op, attributes }) => noisy.includes(op) && attributes.rate !== 0);
}

function identity(size: number): Float32Array {
  const values = new Float32Array(size * size);
  for (let i = 0; i < size; i++) values[i * size + i] = 1;
  return values;
}
