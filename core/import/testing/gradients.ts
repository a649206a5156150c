/** Output and gradients of an imported network in its training form, for tests. */
import type { Runtime, Tensor } from '../../contracts/runtime.ts';
import { emitBackward, emitForward } from '../../ir/emit.ts';
import { bindNetwork, type Value } from '../../ir/network.ts';
import { sizes } from '../../ir/shape.ts';
import { GraphBuilder } from '../../onnx/builder.ts';
import { Emitter } from '../../ops/emitter.ts';
import type { ImportedNetwork } from '../import-network.ts';
import { toFileLayout } from '../weights.ts';

/** Gradients of sum(output `y` · seed) by input and by initialiser, in the layout of the file. Dropout keeps everything. */
export async function gradientsOf(
  runtime: Runtime,
  { network, parameters }: ImportedNetwork,
  inputs: Readonly<Record<string, Tensor>>,
  seed: Tensor,
): Promise<{ output: Float32Array; gradients: Map<string, Float32Array> }> {
  const rows = rowsIn(network.inputs, inputs);
  const bound = bindNetwork(network, { K: 1, N: rows });
  const graph = new GraphBuilder();
  const emitter = new Emitter(graph, {
    mode: 'training',
    contrib: true,
    noise: {
      uniform: (shape) => emitter.constant(new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(1), shape),
      rateScale: () => graph.float32(0),
    },
  });
  const given = new Map<number, string>();
  for (const [name, { id, shape, type }] of Object.entries(bound.inputs)) {
    given.set(id, graph.input(name, type === 'int64' ? 'int64' : 'float32', sizes(shape)));
  }
  bound.parameters.forEach(({ name, value }, i) => {
    if (parameters[i]!.name !== name) throw new RangeError(`Parameter ${i} is called ${name}.`);
    given.set(value.id, graph.float32(parameters[i]!.values, sizes(value.shape)));
  });
  const y = bound.outputs.y!;
  // The seed multiplies the output in the graph, so that the backward pass starts from a sum.
  const { withSeed, loss, seedValue } = multiplied(bound, y, seed.dims);
  given.set(seedValue.id, graph.constant({ ...seed, dims: [1, ...seed.dims] }));
  const pass = emitForward(emitter, withSeed, given, [loss, y]);
  const floats = Object.entries(bound.inputs).filter(([, v]) => v.type === 'float');
  const targets = [...bound.parameters.map((p) => p.value), ...floats.map(([, v]) => v)];
  const names = [...parameters.map((p) => p.source), ...floats.map(([name]) => name)];
  const results = emitBackward(emitter, withSeed, pass, loss, targets);
  graph.output('y_out', 'float32', sizes(y.shape), pass.names.get(y.id)!);
  results.forEach((result, i) => {
    graph.output(`d${i}`, 'float32', sizes(targets[i]!.shape), result);
  });
  const session = await runtime.createSession(graph.toBytes());
  const feeds = Object.fromEntries(Object.entries(inputs).map(([k, t]) => [k, { ...t, dims: [1, ...t.dims] }]));
  const out = await session.run(feeds);
  await session.dispose();
  const gradients = new Map<string, Float32Array>();
  names.forEach((name, i) => {
    const values = out[`d${i}`]!.data as Float32Array;
    const parameter = parameters[i];
    gradients.set(name, parameter ? toFileLayout(parameter, values) : values);
  });
  return { output: out.y_out!.data as Float32Array, gradients };
}

function rowsIn(declared: Readonly<Record<string, Value>>, inputs: Readonly<Record<string, Tensor>>): number {
  for (const [name, { shape }] of Object.entries(declared)) {
    const at = shape.indexOf('N');
    if (at > 0) return inputs[name]!.dims[at - 1]!;
  }
  return 1;
}

/** The bound network with a value `seed` and one more application, the product of `y` and the seed. */
function multiplied(bound: ReturnType<typeof bindNetwork>, y: Value, dims: readonly number[]) {
  const seedValue: Value = { id: bound.values.length, shape: [1, ...dims], type: 'float' };
  const loss: Value = { id: seedValue.id + 1, shape: y.shape, type: 'float' };
  const application = { op: 'mul', inputs: [y.id, seedValue.id], output: loss.id, attributes: {} };
  const withSeed = {
    ...bound,
    values: [...bound.values, seedValue, loss],
    applications: [...bound.applications, application],
  };
  return { withSeed, loss, seedValue };
}
