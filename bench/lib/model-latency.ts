/** Latency of an exported model, as a server would run it. */
import { readFileSync } from 'node:fs';
import type { Tensor } from '#core/contracts/runtime.ts';
import { readModelMetadata } from '#core/serve/metadata.ts';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';

/** @returns milliseconds for `rows` rows, the best of `runs` after a tenth of them to warm up; every input is its column's typical value */
export async function modelLatency(modelFile: string, rows: number, runs: number): Promise<number> {
  const bytes = new Uint8Array(readFileSync(modelFile));
  const { columns } = readModelMetadata(bytes);
  const feeds: Record<string, Tensor> = {};
  for (const column of columns) {
    const number = Number(column.typical ?? 0);
    feeds[column.input] =
      column.tensor === 'string'
        ? { type: 'string', dims: [rows, 1], data: new Array<string>(rows).fill(String(column.typical ?? '')) }
        : {
            type: column.tensor,
            dims: [rows, 1],
            data: (column.tensor === 'float64' ? new Float64Array(rows) : new Float32Array(rows)).fill(number),
          };
  }
  const session = await nodeRuntime.createSession(bytes);
  let best = Number.POSITIVE_INFINITY;
  const warmUp = Math.ceil(runs / 10);
  for (let i = 0; i < warmUp + runs; i++) {
    const started = performance.now();
    await session.run(feeds);
    if (i >= warmUp) best = Math.min(best, performance.now() - started);
  }
  await session.dispose();
  return best;
}
