/** Latency of one row through an exported model, as a server would run it. */
import { readFileSync } from 'node:fs';
import type { Tensor } from '#core/contracts/runtime.ts';
import { readModelMetadata } from '#core/serve/metadata.ts';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';

/** @returns best of 50 runs in milliseconds, after 5 to warm up; every input is its column's typical value */
export async function oneRowLatency(modelFile: string): Promise<number> {
  const bytes = new Uint8Array(readFileSync(modelFile));
  const { columns } = readModelMetadata(bytes);
  const feeds: Record<string, Tensor> = {};
  for (const column of columns) {
    const number = Number(column.typical ?? 0);
    feeds[column.input] =
      column.tensor === 'string'
        ? { type: 'string', dims: [1, 1], data: [String(column.typical ?? '')] }
        : {
            type: column.tensor,
            dims: [1, 1],
            data: column.tensor === 'float64' ? Float64Array.of(number) : Float32Array.of(number),
          };
  }
  const session = await nodeRuntime.createSession(bytes);
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 55; i++) {
    const started = performance.now();
    await session.run(feeds);
    if (i >= 5) best = Math.min(best, performance.now() - started);
  }
  await session.dispose();
  return best;
}
