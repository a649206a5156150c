/** A network's outputs for given rows of every member, with parameters as an input: validation between training calls. */
import type { Runtime, Session, Tensor } from '../contracts/runtime.ts';
import { emitForward } from '../ir/emit.ts';
import { bindNetwork, type Network } from '../ir/network.ts';
import { countOf } from '../ir/shape.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import { Emitter } from '../ops/emitter.ts';
import { type Layout, layoutOf } from './layout.ts';

export interface EvaluatorOptions {
  /** Evaluates the training form, without dropout, on this many rows of each member per call: for statistics of batches. */
  readonly trainingBatch?: number;
  /** Inputs whose data tensor is the input itself, not rows to choose from (`whole` in program.ts). */
  readonly whole?: readonly string[];
  /** Whether one member has the same bits alone as beside others (`ProgramSpec.memberwise`). */
  readonly memberwise?: boolean;
}

export class Evaluator {
  private readonly session: Session;
  private readonly layout: Layout;
  private readonly data: Readonly<Record<string, Tensor>>;
  private readonly members: number;

  private constructor(session: Session, layout: Layout, members: number, data: Readonly<Record<string, Tensor>>) {
    this.session = session;
    this.layout = layout;
    this.members = members;
    this.data = data;
  }

  /**
   * @param inputs network inputs of shape [K, N, ...] that the outputs depend on; `data` holds their rows
   * @param outputs names of network outputs
   */
  static async create(
    runtime: Runtime,
    network: Network,
    members: number,
    inputs: readonly string[],
    outputs: readonly string[],
    data: Readonly<Record<string, Tensor>>,
    { trainingBatch, whole = [], memberwise = false }: EvaluatorOptions = {},
  ): Promise<Evaluator> {
    const bound = bindNetwork(network, { K: members, ...(trainingBatch === undefined ? {} : { N: trainingBatch }) });
    const layout = layoutOf(bound);
    const graph = new GraphBuilder('evaluation');
    graph.input('parameters', 'float32', [members, layout.size]);
    graph.input('rows', 'int64', [members, trainingBatch ?? 'N']);
    const given = new Map<number, string>();
    for (const name of inputs) {
      const value = bound.inputs[name]!;
      const type = value.type === 'int64' ? 'int64' : 'float32';
      graph.input(name, type, whole.includes(name) ? value.shape : [null, ...value.shape.slice(2)]);
      given.set(value.id, whole.includes(name) ? name : graph.node('Gather', [name, 'rows'], { axis: 0 }));
    }
    const lengths = graph.int64(layout.entries.map((e) => e.size));
    const parts = graph.node('Split', ['parameters', lengths], { axis: 1 }, { outputs: layout.entries.length });
    layout.entries.forEach(({ id, shape }, i) => {
      given.set(id, graph.node('Reshape', [parts[i]!, graph.int64(shape)]));
    });
    const wanted = outputs.map((name) => bound.outputs[name]!);
    // With a rate of 0 every comparison of dropout keeps.
    const none = {
      uniform: (shape: readonly number[]) => graph.float32(new Float32Array(countOf(shape)), shape),
      rateScale: () => graph.float32(0),
    };
    const emitter = new Emitter(
      graph,
      trainingBatch === undefined ? { mode: 'inference', memberwise } : { mode: 'training', memberwise, noise: none },
    );
    const pass = emitForward(emitter, bound, given, wanted);
    outputs.forEach((name, i) => {
      graph.output(`${name}_out`, 'float32', wanted[i]!.shape, pass.names.get(wanted[i]!.id)!);
    });
    return new Evaluator(await runtime.createSession(graph.toBytes()), layout, members, data);
  }

  /** @param rows [K, m] row indices; returns each output, row-major with leading axes K and m */
  async run(parameters: Float32Array, rows: BigInt64Array): Promise<Record<string, Float32Array>> {
    const out = await this.session.run({
      ...this.data,
      parameters: { type: 'float32', dims: [this.members, this.layout.size], data: parameters },
      rows: { type: 'int64', dims: [this.members, rows.length / this.members], data: rows },
    });
    return Object.fromEntries(Object.entries(out).map(([k, t]) => [k.slice(0, -4), t.data as Float32Array]));
  }

  dispose(): Promise<void> {
    return this.session.dispose();
  }
}
