/** Gradients of a network's outputs with parameters as an input, of batches or of each example: for statistics, not updates. */
import type { Runtime, Session, Tensor } from '../contracts/runtime.ts';
import { emitBackward, emitForward } from '../ir/emit.ts';
import { bindNetwork, type Network, type Value } from '../ir/network.ts';
import { countOf, sizes } from '../ir/shape.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import { Emitter } from '../ops/emitter.ts';
import { splitParameters } from './batch-gradient.ts';
import { type DataKind, declareData, takeData } from './data.ts';
import { type Layout, layoutOf } from './layout.ts';

export interface GradientsSpec {
  readonly network: Network;
  /** Of the inputs that the output depends on. */
  readonly data: Readonly<Record<string, Exclude<DataKind, 'step'>>>;
  /** Gradients side by side: members K, or examples where all share one vector of parameters. */
  readonly members: number;
  /** Rows N of each. */
  readonly batch: number;
  /** Whether there is one vector of parameters, [1, n], for all. */
  readonly shared?: boolean;
  /** The output whose elements' sum is differentiated; `loss` where not stated. */
  readonly of?: string;
  /** Inputs by which it is differentiated too. */
  readonly inputs?: readonly string[];
  /** Other outputs that are returned as they are. */
  readonly outputs?: readonly string[];
}

export interface GradientsResult {
  /** [K, n] row-major. */
  readonly gradient: Float32Array;
  /** Of the differentiated output, [K]: the sum of its elements. */
  readonly value: Float32Array;
  /** Gradients by `inputs`, and `outputs`, by their names. */
  readonly others: Readonly<Record<string, Float32Array>>;
}

export class Gradients {
  readonly layout: Layout;
  private readonly session: Session;
  private readonly spec: GradientsSpec;
  private readonly data: Readonly<Record<string, Tensor>>;

  private constructor(session: Session, layout: Layout, spec: GradientsSpec, data: Readonly<Record<string, Tensor>>) {
    this.session = session;
    this.layout = layout;
    this.spec = spec;
    this.data = data;
  }

  /** Dropout is left out. @param data a tensor for every data input, as for `Trainer.create` */
  static async create(
    runtime: Runtime,
    spec: GradientsSpec,
    data: Readonly<Record<string, Tensor>>,
  ): Promise<Gradients> {
    const { members, batch, shared = false, of = 'loss', inputs = [], outputs = [] } = spec;
    const network = bindNetwork(spec.network, { K: members, N: batch });
    const layout = layoutOf(network);
    const graph = new GraphBuilder('gradients');
    graph.input('parameters', 'float32', [shared ? 1 : members, layout.size]);
    graph.input('rows', 'int64', [members, batch]);
    const declared = declareData(graph, network, spec.data, []);
    const flat = [members, layout.size];
    const parameters = shared ? graph.node('Expand', ['parameters', graph.int64(flat)]) : 'parameters';
    const given = splitParameters(graph, parameters, layout);
    const none = () => {
      throw new RangeError('Gradients are taken of steps, not for them.');
    };
    for (const [name, { kind }] of Object.entries(declared)) {
      const value = network.inputs[name]!;
      given.set(value.id, takeData(graph, graph, value, name, kind, 'rows', none, false));
    }
    // With a rate of 0 every comparison of dropout keeps.
    const uniform = (shape: readonly number[]): string => graph.float32(new Float32Array(countOf(shape)), shape);
    const noise = { uniform, rateScale: () => graph.float32(0) };
    const e = new Emitter(graph, { mode: 'training', contrib: runtime.provider === 'cpu', noise });
    const outputOf = (name: string): Value => {
      const value = network.outputs[name];
      if (!value) throw new RangeError(`The network has no output called ${name}.`);
      return value;
    };
    const total = outputOf(of);
    const extra = outputs.map(outputOf);
    const pass = emitForward(e, network, given, [total, ...extra]);
    const targets = [...network.parameters.map((p) => p.value), ...inputs.map((name) => network.inputs[name]!)];
    const found = emitBackward(e, network, pass, total, targets);
    const rows = layout.entries.map(({ size }, i) => e.reshape(found[i]!, [members, size]));
    const joined = rows.length === 1 ? rows[0]! : e.op('Concat', rows, { axis: 1 });
    const sum = e.reshape(pass.names.get(total.id)!, [members, countOf(total.shape) / members]);
    graph.output('gradient_out', 'float32', flat, joined);
    graph.output('value_out', 'float32', [members, 1], e.reduceSum(sum, [1]));
    inputs.forEach((name, i) => {
      graph.output(`${name}_out`, 'float32', sizes(network.inputs[name]!.shape), found[layout.entries.length + i]!);
    });
    outputs.forEach((name, i) => {
      graph.output(`${name}_out`, 'float32', sizes(extra[i]!.shape), pass.names.get(extra[i]!.id)!);
    });
    return new Gradients(await runtime.createSession(graph.toBytes()), layout, spec, data);
  }

  /** @param rows [K, N] row indices */
  async run(parameters: Float32Array, rows: BigInt64Array): Promise<GradientsResult> {
    const { members, batch } = this.spec;
    const dims = [parameters.length / this.layout.size, this.layout.size];
    const { gradient_out, value_out, ...rest } = await this.session.run({
      ...this.data,
      parameters: { type: 'float32', dims, data: parameters },
      rows: { type: 'int64', dims: [members, batch], data: rows },
    });
    const others = Object.entries(rest).map(([name, t]) => [name.slice(0, -4), t.data as Float32Array]);
    return {
      gradient: gradient_out!.data as Float32Array,
      value: value_out!.data as Float32Array,
      others: Object.fromEntries(others),
    };
  }

  dispose(): Promise<void> {
    return this.session.dispose();
  }
}

/**
 * Calls `each` with every example's loss and gradient [n] under one vector of parameters. Networks in which the rows of a
 * batch meet, as in batch normalisation, see each alone.
 * @param chunk examples side by side
 */
export async function perExample(
  runtime: Runtime,
  spec: Pick<GradientsSpec, 'network' | 'data'>,
  data: Readonly<Record<string, Tensor>>,
  parameters: Float32Array,
  rows: Int32Array,
  each: (loss: number, gradient: Float32Array, at: number) => void,
  chunk = 32,
): Promise<void> {
  const members = Math.min(chunk, Math.max(1, rows.length));
  const gradients = await Gradients.create(runtime, { ...spec, members, batch: 1, shared: true }, data);
  const { size } = gradients.layout;
  try {
    for (let from = 0; from < rows.length; from += members) {
      const some = BigInt64Array.from({ length: members }, (_, i) =>
        BigInt(rows[Math.min(from + i, rows.length - 1)]!),
      );
      const { gradient, value } = await gradients.run(parameters, some);
      for (let i = 0; i < members && from + i < rows.length; i++) {
        each(value[i]!, gradient.subarray(i * size, (i + 1) * size), from + i);
      }
    }
  } finally {
    await gradients.dispose();
  }
}
