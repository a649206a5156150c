/** What the machine itself gains from a second process: loops that wait for nothing but a core, its multipliers, or memory. */
import { GraphBuilder } from '#core/onnx/builder.ts';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';

/** `arithmetic` stays in registers; `products` are small matrix products by onnxruntime, alone; `memory` fits no cache. */
export const controls = ['arithmetic', 'products', 'memory'] as const;
export type Control = (typeof controls)[number];

/** 64 MB. */
const FAR = 2 ** 23;
const SIDE = 128;
const CHAIN = 32;

function arithmetic(): number {
  let [a, b, c, d] = [1.1, 1.2, 1.3, 1.4];
  for (let i = 0; i < 200_000; i++) {
    a = a * 0.999 + 0.001;
    b = b * 0.998 + 0.002;
    c = c * 0.997 + 0.003;
    d = d * 0.996 + 0.004;
  }
  return a + b + c + d;
}

/** One call multiplies the identity by itself, over and over. */
async function products(): Promise<() => Promise<number>> {
  const graph = new GraphBuilder('products');
  const x = graph.input('x', 'float32', [SIDE, SIDE]);
  const last = Array.from({ length: CHAIN }).reduce<string>((y) => graph.node('MatMul', [y, x]), x);
  graph.output('y', 'float32', [SIDE, SIDE], last);
  const session = await nodeRuntime.createSession(graph.toBytes());
  const data = Float32Array.from({ length: SIDE * SIDE }, (_, i) => (i % (SIDE + 1) === 0 ? 1 : 0));
  return async () =>
    ((await session.run({ x: { type: 'float32', dims: [SIDE, SIDE], data } })).y!.data as Float32Array)[0]!;
}

function memory(): () => number {
  const far = new Float64Array(FAR);
  return () => {
    for (let i = 0; i < FAR; i++) far[i]! += 1;
    return far[0]!;
  };
}

/** Rounds per second over about `seconds`. */
export async function roundsPerSecond(kind: Control, seconds: number): Promise<number> {
  const work = { arithmetic: async () => arithmetic, products, memory: async () => memory() }[kind];
  const round = await work();
  await round();
  const began = performance.now();
  let [rounds, sum] = [0, 0];
  for (; performance.now() - began < 1000 * seconds; rounds++) sum += await round();
  if (!Number.isFinite(sum)) throw new Error(`The control "${kind}" computed nonsense.`);
  return (1000 * rounds) / (performance.now() - began);
}
