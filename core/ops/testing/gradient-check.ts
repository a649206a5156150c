/** Checks of a network's emitted graphs: gradients against central differences, and one form against another. */
import type { Runtime, Session, Tensor } from '../../contracts/runtime.ts';
import { emitBackward, emitForward } from '../../ir/emit.ts';
import { bindNetwork, type Network, NetworkBuilder, type Value } from '../../ir/network.ts';
import { countOf, sizes } from '../../ir/shape.ts';
import { Random } from '../../math/random.ts';
import { GraphBuilder } from '../../onnx/builder.ts';
import type { Graph, Node } from '../../onnx/model.ts';
import { Emitter, type EmitterOptions } from '../emitter.ts';

/** Values of float inputs (and of parameters, by name) as plain numbers; int64 inputs too. */
export type Feeds = Readonly<Record<string, readonly number[]>>;

export interface GradientCheck {
  /** Largest |gradient - central difference| / max(1, |central difference|) in float64. */
  readonly differenceError: number;
  /** Largest |float32 gradient - float64 gradient| / max(1, |float64 gradient|), plain and with contrib kernels. */
  readonly float32Error: number;
}

/** Seeds the numbers that dropout reads, one after the other. */
export const NOISE_SEED = 7;

/** The network with output `out` multiplied by an input `seed` of its shape: a scalar function after summation. */
export function seeded(build: (net: NetworkBuilder) => Value): { network: Network; loss: Value } {
  const net = new NetworkBuilder();
  const out = build(net);
  const loss = net.apply('mul', [out, net.input('seed', out.shape)]);
  net.output('out', out);
  net.output('loss', loss);
  return { network: net.build(), loss };
}

/** What gradients are checked for; inputs called `c<i>` are constants by contract (targets, weights, masks). */
export function differentiable(network: Network): { name: string; value: Value }[] {
  const inputs = Object.entries(network.inputs).map(([name, value]) => ({ name, value }));
  return [...inputs, ...network.parameters].filter(
    ({ name, value }) => value.type === 'float' && name !== 'seed' && !/^c\d/.test(name),
  );
}

interface CheckGraph {
  readonly session: Session;
  run(feeds: Feeds): Promise<Record<string, number[]>>;
}

/** How a training graph is emitted; inputs named in `known` are constants with these numbers. */
export type FormOptions = Omit<EmitterOptions, 'mode' | 'constants'> & { readonly known?: Feeds };

/** The training graph with the loss summed and the gradients of everything differentiable. */
function buildGradients(network: Network, loss: Value, options: FormOptions): GraphBuilder {
  const graph = new GraphBuilder();
  const type = options.type ?? 'float32';
  const random = new Random(NOISE_SEED);
  const uniform = (shape: readonly number[]): string => {
    const data = Float64Array.from({ length: countOf(shape) }, () => random.uniform());
    return graph.constant({ type, dims: shape, data: type === 'float64' ? data : Float32Array.from(data) });
  };
  const constants = { outer: graph, values: new Map(Object.entries(options.known ?? {})) };
  const emitter = new Emitter(graph, { ...options, mode: 'training', constants, noise: { uniform, rateScale: null } });
  const given = new Map(
    valuesOf(network).map(({ name, value }) => [
      value.id,
      graph.input(name, value.type === 'float' ? type : 'int64', sizes(value.shape)),
    ]),
  );
  const pass = emitForward(emitter, network, given, [loss]);
  const targets = differentiable(network);
  const gradients = emitBackward(
    emitter,
    network,
    pass,
    loss,
    targets.map((t) => t.value),
  );
  const total = graph.node('ReduceSum', [pass.names.get(loss.id)!], { keepdims: 0 });
  graph.output('total', type, [], total);
  targets.forEach(({ name, value }, i) => {
    graph.output(`d_${name}`, type, sizes(value.shape), gradients[i]!);
  });
  return graph;
}

export const valuesOf = (network: Network): { name: string; value: Value }[] => [
  ...Object.entries(network.inputs).map(([name, value]) => ({ name, value })),
  ...network.parameters,
];

async function gradientGraph(
  runtime: Runtime,
  network: Network,
  loss: Value,
  options: FormOptions,
): Promise<CheckGraph> {
  const session = await runtime.createSession(buildGradients(network, loss, options).toBytes(), {
    threads: options.threads ?? 1,
  });
  const type = options.type ?? 'float32';
  return {
    session,
    async run(feeds) {
      const used = valuesOf(network).filter(({ name }) => session.inputNames.includes(name));
      const tensors = Object.fromEntries(used.map(({ name, value }) => [name, toTensor(value, feeds[name]!, type)]));
      const out = await session.run(tensors);
      return Object.fromEntries(Object.entries(out).map(([name, t]) => [name, Array.from(t.data, Number)]));
    },
  };
}

/** The sum of `loss` and its gradients by everything differentiable, `total` and `d_<name>`, with noise of seed `NOISE_SEED`. */
export async function gradientsOf(
  runtime: Runtime,
  network: Network,
  loss: Value,
  feeds: Feeds,
  options: FormOptions = {},
): Promise<Record<string, number[]>> {
  const graph = await gradientGraph(runtime, network, loss, options);
  const out = await graph.run(feeds);
  await graph.session.dispose();
  return out;
}

type GraphOptions = FormOptions & Partial<Pick<EmitterOptions, 'mode'>>;

/** The training graph with gradients, or the forward graph to be stored. */
export function formGraph(network: Network, loss: Value, { mode = 'training', ...options }: GraphOptions): Graph {
  if (mode === 'training') return buildGradients(network, loss, options).toGraph();
  const graph = new GraphBuilder();
  const given = new Map(
    valuesOf(network).map(({ name, value }) => [value.id, graph.input(name, 'float32', value.shape)]),
  );
  emitForward(new Emitter(graph, { ...options, mode }), network, given, [loss]);
  return graph.toGraph();
}

export const formNodes = (network: Network, loss: Value, options: GraphOptions): readonly Node[] =>
  formGraph(network, loss, options).nodes;

export function toTensor(value: Value, data: readonly number[], type: 'float32' | 'float64'): Tensor {
  const dims = sizes(value.shape);
  if (value.type === 'int64') return { type: 'int64', dims, data: BigInt64Array.from(data, BigInt) };
  return { type, dims, data: type === 'float32' ? Float32Array.from(data) : Float64Array.from(data) };
}

/** `most` random directions of length 1, or where there are no more elements, along each of them. */
function directionsOf(count: number, most: number): number[][] {
  const axis = (at: number): number[] => Array.from({ length: count }, (_, i) => (i === at ? 1 : 0));
  if (count <= most) return Array.from({ length: count }, (_, at) => axis(at));
  const random = new Random(count);
  return Array.from({ length: most }, () => {
    const drawn = Array.from({ length: count }, () => random.normal());
    const length = Math.hypot(...drawn);
    return drawn.map((v) => v / length);
  });
}

type Form = FormOptions;

/** Together all kinds of forms; what is for other providers runs on the CPU too. */
const float32Forms: readonly Form[] = [
  {},
  { contrib: true },
  { contrib: true, threads: 2 },
  { contrib: true, provider: 'webgpu' },
];

export interface CheckOptions {
  /**
   * An input or parameter of more elements than this is checked along so many random directions, in place of element by
   * element.
   */
  readonly directions?: number;
  /** Float32 forms to compare; all where not stated. */
  readonly forms?: readonly Form[];
}

/** Compares the emitted gradients of the bound network `network` at `feeds`. */
export async function checkGradients(
  runtime: Runtime,
  network: Network,
  loss: Value,
  feeds: Feeds,
  step = 1e-5,
  { directions = Number.POSITIVE_INFINITY, forms = float32Forms }: CheckOptions = {},
): Promise<GradientCheck> {
  const exact = await gradientGraph(runtime, network, loss, { type: 'float64' });
  const base = await exact.run(feeds);
  let differenceError = 0;
  for (const { name, value } of differentiable(network)) {
    for (const direction of directionsOf(countOf(value.shape), directions)) {
      const at = async (offset: number): Promise<number> => {
        const moved = feeds[name]!.map((v, i) => v + offset * direction[i]!);
        return (await exact.run({ ...feeds, [name]: moved })).total![0]!;
      };
      const difference = ((await at(step)) - (await at(-step))) / (2 * step);
      const along = base[`d_${name}`]!.reduce((sum, g, i) => sum + g * direction[i]!, 0);
      const error = Math.abs(along - difference) / Math.max(1, Math.abs(difference));
      differenceError = Math.max(differenceError, Number.isNaN(error) ? Number.POSITIVE_INFINITY : error);
    }
  }
  await exact.session.dispose();
  return { differenceError, float32Error: await largestError(runtime, network, loss, feeds, base, forms) };
}

/** The total and the gradients of one form. */
export async function runGradients(
  runtime: Runtime,
  network: Network,
  loss: Value,
  feeds: Feeds,
  options: FormOptions,
): Promise<Record<string, number[]>> {
  const graph = await gradientGraph(runtime, network, loss, options);
  const out = await graph.run(feeds);
  await graph.session.dispose();
  return out;
}

/** Largest |total or gradient of a float32 form - that of the float64 form| / max(1, |the latter|). */
export async function compareForms(
  runtime: Runtime,
  network: Network,
  loss: Value,
  feeds: Feeds,
  forms: readonly Form[],
): Promise<number> {
  const base = await runGradients(runtime, network, loss, feeds, { type: 'float64' });
  return largestError(runtime, network, loss, feeds, base, forms);
}

async function largestError(
  runtime: Runtime,
  network: Network,
  loss: Value,
  feeds: Feeds,
  base: Readonly<Record<string, readonly number[]>>,
  forms: readonly Form[],
): Promise<number> {
  let largest = 0;
  for (const options of forms) {
    const out = await runGradients(runtime, network, loss, feeds, options);
    for (const [name, wanted] of Object.entries(base)) {
      out[name]!.forEach((value, i) => {
        const error = Math.abs(value - wanted[i]!) / Math.max(1, Math.abs(wanted[i]!));
        largest = Math.max(largest, Number.isNaN(error) ? Number.POSITIVE_INFINITY : error);
      });
    }
  }
  return largest;
}

/** Runs the value `wanted` of the bound network once and returns it as numbers. */
export async function runForward(
  runtime: Runtime,
  network: Network,
  wanted: Value,
  feeds: Feeds,
  mode: 'training' | 'inference',
  binding: Readonly<Record<string, number>> = {},
): Promise<number[]> {
  const graph = new GraphBuilder();
  const emitter = new Emitter(graph, { mode, contrib: mode === 'training' });
  const bound = bindNetwork(network, binding);
  const all = [...Object.entries(network.inputs).map(([name, value]) => ({ name, value })), ...network.parameters];
  const given = new Map(
    all.map(({ name, value }) => [
      value.id,
      graph.input(name, value.type === 'float' ? 'float32' : 'int64', value.shape),
    ]),
  );
  const pass = emitForward(emitter, network, given, [wanted]);
  graph.output('out', 'float32', wanted.shape, pass.names.get(wanted.id)!);
  const session = await runtime.createSession(graph.toBytes());
  const tensors = Object.fromEntries(
    [...Object.entries(bound.inputs).map(([name, value]) => ({ name, value })), ...bound.parameters]
      .filter(({ name }) => session.inputNames.includes(name))
      .map(({ name, value }) => [name, toTensor(value, feeds[name]!, 'float32')]),
  );
  const out = await session.run(tensors);
  await session.dispose();
  return Array.from(out.out!.data, Number);
}
