/** Features as the tensors that training gathers from, made by running the preparation graph. */
import type { Features } from '../../contracts/learner.ts';
import type { Runtime, Tensor } from '../../contracts/runtime.ts';
import { GraphBuilder } from '../../onnx/builder.ts';
import { denseWidth, type MlpPreparation } from './preparation.ts';
import { emitPreparation } from './prepare-graph.ts';

const CHUNK = 4096;

/** Feeds `numeric` [n, F] and `codes` [n, G] for rows of `features`; `rows` undefined: all, from `start` to `end`. */
export function featureFeeds(
  features: Features,
  start: number,
  end: number,
  rows?: Int32Array,
): Record<'numeric' | 'codes', Tensor> {
  const n = end - start;
  const f = features.numericNames.length;
  const g = features.categoricalNames.length;
  const numeric = new Float32Array(n * f);
  const codes = new BigInt64Array(n * g);
  for (let j = 0; j < f; j++) {
    const from = j * features.rows;
    for (let i = 0; i < n; i++) numeric[i * f + j] = features.numeric[from + (rows ? rows[start + i]! : start + i)]!;
  }
  for (let j = 0; j < g; j++) {
    const from = j * features.rows;
    for (let i = 0; i < n; i++)
      codes[i * g + j] = BigInt(features.codes[from + (rows ? rows[start + i]! : start + i)]!);
  }
  return {
    numeric: { type: 'float32', dims: [n, f], data: numeric },
    codes: { type: 'int64', dims: [n, g], data: codes },
  };
}

/** Declares the inputs of a graph that reads features. */
export function featureInputs(graph: GraphBuilder, f: number, g: number): { numeric: string; codes: string } {
  return { numeric: graph.input('numeric', 'float32', ['N', f]), codes: graph.input('codes', 'int64', ['N', g]) };
}

/** Tensors `x` [rows, P] and `e` [rows, E], as far as the preparation has them, over all rows of `features`. */
export async function prepareMatrix(
  runtime: Runtime,
  p: MlpPreparation,
  features: Features,
  breathe: () => Promise<void>,
): Promise<Record<string, Tensor>> {
  const graph = new GraphBuilder('preparation');
  const input = featureInputs(graph, features.numericNames.length, features.categoricalNames.length);
  const { dense, rows } = emitPreparation(graph, p, input);
  const width = denseWidth(p);
  const count = p.embedded.length;
  if (dense) graph.output('x', 'float32', ['N', width], dense);
  if (rows) graph.output('e', 'int64', ['N', count], rows);
  const session = await runtime.createSession(graph.toBytes());
  const x = new Float32Array(dense ? features.rows * width : 0);
  const e = new BigInt64Array(rows ? features.rows * count : 0);
  try {
    for (let start = 0; start < features.rows; start += CHUNK) {
      const end = Math.min(start + CHUNK, features.rows);
      const out = await session.run(featureFeeds(features, start, end));
      if (dense) x.set(out.x!.data as Float32Array, start * width);
      if (rows) e.set(out.e!.data as BigInt64Array, start * count);
      await breathe();
    }
  } finally {
    await session.dispose();
  }
  return {
    ...(dense ? { x: { type: 'float32', dims: [features.rows, width], data: x } as const } : {}),
    ...(rows ? { e: { type: 'int64', dims: [features.rows, count], data: e } as const } : {}),
  };
}
