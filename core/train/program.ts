/** The training program: forward, backward and update as one ONNX graph whose `Loop` runs many steps per call. */
import type { Provider, Tensor } from '../contracts/runtime.ts';
import { bindNetwork, type Network } from '../ir/network.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import { emitAccumulated } from './accumulate.ts';
import {
  type Augmentation,
  type BatchSpec,
  emitBatchGradient,
  splitParameters,
  stepEmitter,
} from './batch-gradient.ts';
import { type DataInputs, type DataKind, declareData } from './data.ts';
import { emitGradientNoise } from './gradient-noise.ts';
import { type Layout, layoutOf } from './layout.ts';
import { emitUpdate, type OptimizerName } from './optimizer.ts';
import { UniformSource } from './uniform.ts';
import type { OptimizerOptions } from './update.ts';

export type { Augmentation } from './batch-gradient.ts';
export type { DataKind } from './data.ts';

export interface ProgramSpec {
  /** Inputs have shape [K, N, ...]; the output `loss` has shape [K]. */
  readonly network: Network;
  readonly data: Readonly<Record<string, DataKind>>;
  /** Members K that are trained side by side, each on its own rows with its own parameters. */
  readonly members: number;
  /** Rows N of a batch. */
  readonly batch: number;
  /** Batches whose mean gradient makes one update; 1 where not stated. */
  readonly accumulate?: number;
  /** Changes of inputs on their way in, by the input's name, in order. */
  readonly augment?: Readonly<Record<string, readonly Augmentation[]>>;
  /** Inputs of which rows are mixed, targets included (mixup.ts). */
  readonly mixup?: readonly string[];
  /** Inputs whose rows are handed over in 16 bits (half.ts). */
  readonly half?: readonly string[];
  /** Whether noise is added to gradients (gradient-noise.ts). */
  readonly gradientNoise?: boolean;
  /** AdamW where not stated. */
  readonly optimizer?: OptimizerName;
  /** Momentum of SGD; the two rates of AdamW and Lion. */
  readonly beta1: number;
  readonly beta2: number;
  /** Whether a moving average of the parameters is kept. */
  readonly average?: boolean;
  /** Whether decoupled weight decay is emitted. */
  readonly decay: boolean;
  /** Largest L2 norm of a member's gradient, for all or for each, or null for no limit. */
  readonly clipNorm: OptimizerOptions['clipNorm'];
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
  /** Whether one member is emitted as several are, so that it has the same bits alone as beside others. */
  readonly memberwise?: boolean;
}

export interface Program {
  readonly bytes: Uint8Array;
  readonly layout: Layout;
  readonly members: number;
  readonly batch: number;
  readonly accumulate: number;
  readonly optimizer: OptimizerName;
  readonly average: boolean;
  readonly mixup: boolean;
  readonly gradientNoise: boolean;
  /** Whether the rate of dropout is scaled by step and member. */
  readonly rateScale: boolean;
  /** Places of the noise pool that a batch reads: numbers that a member takes at each. */
  readonly noise: readonly number[];
  readonly data: DataInputs;
}

/** The axes of tables that hold an entry for every batch: steps, and batches of a step where there are several. */
export const batchAxes = <T>(steps: T, accumulate: number): (T | number)[] =>
  accumulate === 1 ? [steps] : [steps, accumulate];

/**
 * Graph inputs: `parameters`, `first`, `second` [K, n]; `order` int64 [T, K, B]; per step and member [T, K, 1]:
 * `step_size`, `epsilon`, `keep` (see update.ts); with an average `average` [K, n] and `follow` [T, K, 1]; with noise of
 * gradients `deviation` [T, K, 1]; with random numbers `noise` [p] and `offsets` int64 [T, D, K] (noise.ts), with dropout
 * `rate_scale` [T, K], with mixup `mix` [T, K]; one data tensor per network input, by its name. With accumulation `order`,
 * `offsets`, `mix` and data of kind `step` have a second axis, of batches. Outputs: `parameters_out`, `first_out`,
 * `second_out`, `losses` [T, K], and `average_out`.
 */
export function compileProgram(spec: ProgramSpec): Program {
  const { members, batch, accumulate = 1, optimizer = 'adamw', average = false } = spec;
  const { mixup = [], gradientNoise = false, augment = {}, half = [] } = spec;
  const network = bindNetwork(spec.network, { K: members, N: batch });
  const layout = layoutOf(network);
  const graph = new GraphBuilder('training');
  const state = [members, layout.size] as const;
  const perBatch = batchAxes<number | null>(null, accumulate);
  const carried = ['parameters', 'first', 'second', ...(average ? ['average'] : [])];
  const tables = ['step_size', 'epsilon', 'keep', ...(average ? ['follow'] : [])];
  if (gradientNoise) tables.push('deviation');
  for (const name of carried) graph.input(name, 'float32', state);
  graph.input('order', 'int64', [...perBatch, members, batch]);
  for (const name of tables) graph.input(name, 'float32', [null, members, 1]);
  if (mixup.length > 0) graph.input('mix', 'float32', [...perBatch, members]);
  const data = declareData(graph, network, spec.data, perBatch, half);
  const batchSpec: BatchSpec = {
    network,
    layout,
    data,
    members,
    augment,
    mixup,
    half,
    forms: {
      contrib: spec.contrib,
      threads: spec.threads,
      provider: spec.provider ?? 'cpu',
      block: spec.block ?? null,
      memberwise: spec.memberwise ?? false,
    },
    constants: constantsOf(spec),
  };

  const body = graph.subgraph('step');
  const step = body.input('step', 'int64', []);
  const go = body.input('go', 'bool', []);
  const [p, m, v] = ['p', 'm', 'v'].map((name) => body.input(name, 'float32', state)) as [string, string, string];
  const mean = average ? body.input('a', 'float32', state) : null;
  const at = (table: string): string => body.node('Gather', [table, step], { axis: 0 });
  const rateScale = usesDropout(network);
  const uniforms = new UniformSource(graph, members);
  // Noise of the update is that of the first batch.
  const first = (table: string): string =>
    table === 'offsets' && accumulate > 1 ? body.node('Gather', [at(table), body.int64(0)], { axis: 0 }) : at(table);
  const emitter = stepEmitter(batchSpec, graph, body, first, uniforms);
  const parameters = splitParameters(body, p, layout);
  const byBatch = new Set(['order', 'offsets', 'mix', ...Object.keys(data).filter((n) => data[n]!.kind === 'step')]);
  const found =
    accumulate === 1
      ? emitBatchGradient(batchSpec, graph, emitter, parameters, at('order'), at)
      : emitAccumulated(batchSpec, graph, body, parameters, at, { batches: accumulate, perBatch: byBatch, uniforms });
  const gradient = gradientNoise ? emitGradientNoise(emitter, found.gradient, state, at('deviation')) : found.gradient;
  const next = emitUpdate(
    optimizer,
    emitter,
    { parameters: p, first: m, second: v, gradient, shape: state },
    { stepSize: at('step_size'), epsilon: at('epsilon'), keep: at('keep') },
    { ...spec, rate: layout.rate, decayFactor: layout.decay },
  );
  body.output('go_on', 'bool', [], go);
  body.output('p_next', 'float32', state, next.parameters);
  body.output('m_next', 'float32', state, next.first);
  body.output('v_next', 'float32', state, next.second);
  if (mean !== null) {
    const moved = emitter.addScaled(mean, emitter.sub(next.parameters, mean), at('follow'), state);
    body.output('a_next', 'float32', state, moved);
  }
  body.output('loss', 'float32', [members], found.loss);
  const noise = uniforms.lengths;
  if (noise.length > 0) {
    graph.input('noise', 'float32', [null]);
    graph.input('offsets', 'int64', [...perBatch, noise.length, members]);
  }
  if (rateScale) graph.input('rate_scale', 'float32', [null, members]);
  const trips = graph.node('Squeeze', [graph.node('Shape', ['order'], { start: 0, end: 1 })]);
  const always = graph.constant({ type: 'bool', dims: [], data: Uint8Array.of(1) });
  const inner = { body: body.toGraph() };
  const outputs = graph.node('Loop', [trips, always, ...carried], inner, { outputs: carried.length + 1 });
  carried.forEach((name, i) => {
    graph.output(`${name}_out`, 'float32', state, outputs[i]!);
  });
  graph.output('losses', 'float32', [null, members], outputs[carried.length]!);
  const mixed = mixup.length > 0;
  const shape = { layout, members, batch, accumulate, noise, data };
  return { bytes: graph.toBytes(), ...shape, optimizer, average, mixup: mixed, gradientNoise, rateScale };
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

function usesDropout(network: Network): boolean {
  const noisy = ['dropout', 'drop-path'];
  return network.applications.some(({ op, attributes }) => noisy.includes(op) && attributes.rate !== 0);
}
