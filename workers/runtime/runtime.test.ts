/** The contract every Runtime keeps, run on the native and the WebAssembly build. */
import { describe, expect, test } from 'vitest';
import type { Runtime, Tensor } from '#core/contracts/runtime.ts';
import { float } from '#core/onnx/attributes.ts';
import { GraphBuilder } from '#core/onnx/builder.ts';
import { nodeRuntime } from './onnxruntime-node.ts';
import { webRuntime } from './onnxruntime-web.ts';

const f32 = (data: number[], dims = [data.length]): Tensor => ({
  type: 'float32',
  dims,
  data: Float32Array.from(data),
});

async function runOnce(runtime: Runtime, g: GraphBuilder, feeds: Record<string, Tensor>) {
  const session = await runtime.createSession(g.toBytes());
  try {
    return await session.run(feeds);
  } finally {
    await session.dispose();
  }
}

describe.each([nodeRuntime, webRuntime])('$name', (runtime) => {
  test('names itself and the names of inputs and outputs', async () => {
    expect(runtime.name).toMatch(/^onnxruntime-(node|web) \d+\.\d+\.\d+ (cpu|wasm)$/);
    const g = new GraphBuilder();
    g.output('y', 'float32', ['N'], g.node('Neg', [g.input('a column ü', 'float32', ['N'])]));
    const session = await runtime.createSession(g.toBytes());
    expect(session.inputNames).toEqual(['a column ü']);
    expect(session.outputNames).toEqual(['y']);
    const { y } = await session.run({ 'a column ü': f32([1, -2]) });
    expect(y).toMatchObject({ type: 'float32', dims: [2] });
    expect([...(y!.data as Float32Array)]).toEqual([-1, 2]);
    expect(runtime.name.endsWith(runtime.provider)).toBe(true);
    await session.dispose();
  });

  test('a session that was disposed of refuses to run, and may be disposed of again', async () => {
    const g = new GraphBuilder();
    g.output('y', 'float32', ['N'], g.node('Neg', [g.input('x', 'float32', ['N'])]));
    const session = await runtime.createSession(g.toBytes());
    await session.dispose();
    await session.dispose();
    await expect(session.run({ x: f32([1]) })).rejects.toThrow('disposed');
  });

  test('passes every element type through', async () => {
    const tensors: Record<string, Tensor> = {
      float32: f32([1.5, Number.NaN]),
      float64: { type: 'float64', dims: [2], data: Float64Array.of(1e300, -0.1) },
      int32: { type: 'int32', dims: [2], data: Int32Array.of(-(2 ** 31), 7) },
      int64: { type: 'int64', dims: [2], data: BigInt64Array.of(2n ** 62n, -1n) },
      uint8: { type: 'uint8', dims: [2], data: Uint8Array.of(0, 255) },
      bool: { type: 'bool', dims: [2], data: Uint8Array.of(0, 1) },
      string: { type: 'string', dims: [2], data: ['', 'žlutý 🐎'] },
    };
    const g = new GraphBuilder();
    for (const [name, t] of Object.entries(tensors)) g.input(name, t.type, ['N']);
    for (const [name, t] of Object.entries(tensors)) {
      g.output(`${name}_out`, t.type, ['N', 1], g.node('Unsqueeze', [name, g.int64([1])]));
    }
    const outputs = await runOnce(runtime, g, tensors);
    for (const [name, t] of Object.entries(tensors)) {
      const out = outputs[`${name}_out`]!;
      expect(out.type).toBe(t.type);
      expect(out.dims).toEqual([2, 1]);
      expect(Array.from<unknown>(out.data)).toEqual(Array.from<unknown>(t.data));
    }
  });

  test('string operators of opset 20 and label encoders of ai.onnx.ml', async () => {
    const g = new GraphBuilder();
    const s = g.input('s', 'string', ['N']);
    const matches = g.node('RegexFullMatch', [s], { pattern: '[0-9]+' });
    const keys = { keys_strings: ['a', 'é'], values_int64s: [5, 6], default_int64: -1 };
    g.output('matches', 'bool', ['N'], matches);
    g.output('code', 'int64', ['N'], g.node('LabelEncoder', [s], keys, { domain: 'ai.onnx.ml' }));
    const out = await runOnce(runtime, g, { s: { type: 'string', dims: [3], data: ['12', 'é', 'b'] } });
    expect([...(out.matches!.data as Uint8Array)]).toEqual([1, 0, 0]);
    expect([...(out.code!.data as BigInt64Array)]).toEqual([-1n, 6n, -1n]);
  });

  test('a Loop whose body reads outer values, and an If', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [2]);
    const rate = g.float32(0.5);
    const body = g.subgraph();
    body.input('step', 'int64', []);
    const condition = body.input('go', 'bool', []);
    const state = body.input('state', 'float32', [2]);
    const next = body.node('Add', [body.node('Mul', [state, rate]), x]);
    body.output('go_on', 'bool', [], condition);
    body.output('next', 'float32', [2], next);
    body.output('trace', 'float32', [], body.node('ReduceSum', [next], { keepdims: 0 }));
    const yes = g.constant({ type: 'bool', dims: [], data: Uint8Array.of(1) });
    const trips = g.input('trips', 'int64', []);
    const [last, trace] = g.node('Loop', [trips, yes, x], { body: body.toGraph() }, { outputs: 2 });
    const then = g.subgraph('then');
    then.output('then_out', 'float32', [2], then.node('Elu', [last!], { alpha: float(1) }));
    const otherwise = g.subgraph('else');
    otherwise.output('else_out', 'float32', [2], otherwise.node('Neg', [last!]));
    const flag = g.input('flag', 'bool', []);
    g.output(
      'y',
      'float32',
      [2],
      g.node('If', [flag], { then_branch: then.toGraph(), else_branch: otherwise.toGraph() }),
    );
    g.output('sums', 'float32', [null], trace!);
    const out = await runOnce(runtime, g, {
      x: f32([1, 2]),
      trips: { type: 'int64', dims: [], data: BigInt64Array.of(3n) },
      flag: { type: 'bool', dims: [], data: Uint8Array.of(0) },
    });
    expect([...(out.y!.data as Float32Array)]).toEqual([-1.875, -3.75]);
    expect([...(out.sums!.data as Float32Array)]).toEqual([4.5, 5.25, 5.625]);
  });

  test('rejects a broken model and a wrong shape with a message, and stays usable', async () => {
    await expect(runtime.createSession(Uint8Array.of(1, 2, 3))).rejects.toThrow();
    const g = new GraphBuilder();
    g.output('y', 'float32', [2], g.node('Neg', [g.input('x', 'float32', [2])]));
    const session = await runtime.createSession(g.toBytes());
    await expect(session.run({ x: f32([1, 2, 3]) })).rejects.toThrow(/dimension|shape/i);
    const { y } = await session.run({ x: f32([1, 2]) });
    expect([...(y!.data as Float32Array)]).toEqual([-1, -2]);
    await session.dispose();
  });
});

test('1,000 native sessions, each created, run and disposed of, leave no memory behind', async () => {
  const g = new GraphBuilder();
  const weights = g.float32(new Float32Array(64 * 64).fill(0.1), [64, 64]);
  g.output('y', 'float32', [32, 64], g.node('MatMul', [g.input('x', 'float32', [32, 64]), weights]));
  const [bytes, x] = [g.toBytes(), { type: 'float32', dims: [32, 64], data: new Float32Array(32 * 64) } as const];
  const cycle = async (count: number) => {
    for (let i = 0; i < count; i++) {
      const session = await nodeRuntime.createSession(bytes);
      await session.run({ x });
      await session.dispose();
    }
    return process.memoryUsage.rss() / 2 ** 20;
  };
  const before = await cycle(200);
  // Weights and scratch space of 800 sessions would be above 20 MB, what the runtime itself keeps for each far more.
  expect((await cycle(800)) - before).toBeLessThan(15);
});
