/** Statistics that batch normalisation uses at inference, taken from training rows with the final weights (Wu and Johnson 2021). */
import type { Runtime, Tensor } from '../contracts/runtime.ts';
import { bindNetwork, type Network } from '../ir/network.ts';
import { statisticNames } from '../layers/batch-norm.ts';
import { Evaluator } from './evaluator.ts';
import { layoutOf } from './layout.ts';
import { writeParameter } from './state.ts';

export interface StatisticsRequest {
  readonly network: Network;
  readonly members: number;
  /** Network inputs of shape [K, N, ...]; `data` holds their rows. */
  readonly inputs: readonly string[];
  readonly data: Readonly<Record<string, Tensor>>;
  /** Training rows of each member, all of one number. */
  readonly rows: readonly Int32Array[];
  /** Rows of a batch, as in training. The last partial batch is left out. */
  readonly batch: number;
}

/** Names of the batch-normalisation layers of a network. */
export function normalised(network: Network): string[] {
  const all = network.parameters.flatMap((p) => (p.name.endsWith('.mean') ? [p.name.slice(0, -'.mean'.length)] : []));
  return all.filter((name) => statisticNames(name).batchMean in network.outputs);
}

/**
 * The flat parameters [K, n] with every layer's mean and variance filled in: the mean of the batches' means, and by the
 * law of total variance the mean of their variances plus the variance of their means. Throws a RangeError when a batch
 * is more than a member's rows.
 */
export async function collectStatistics(
  runtime: Runtime,
  parameters: Float32Array,
  { network, members, inputs, data, rows, batch }: StatisticsRequest,
): Promise<Float32Array> {
  const layers = normalised(network).map(statisticNames);
  if (layers.length === 0) return parameters;
  const batches = Math.floor(Math.min(...rows.map((r) => r.length)) / batch);
  if (batches < 1) throw new RangeError(`A batch of ${batch} rows is more than a member has.`);
  const outputs = layers.flatMap((l) => [l.batchMean, l.batchVariance]);
  const evaluator = await Evaluator.create(runtime, network, members, inputs, outputs, data, { trainingBatch: batch });
  const sums = new Map<string, Float64Array>();
  const accumulate = (name: string, values: Float32Array, of: (v: number) => number): void => {
    const sum = sums.get(name) ?? new Float64Array(values.length);
    values.forEach((v, i) => {
      sum[i]! += of(v) / batches;
    });
    sums.set(name, sum);
  };
  for (let at = 0; at < batches * batch; at += batch) {
    const taken = rows.flatMap((r) => Array.from(r.subarray(at, at + batch)));
    const out = await evaluator.run(parameters, BigInt64Array.from(taken, BigInt));
    for (const l of layers) {
      accumulate(l.mean, out[l.batchMean]!, (v) => v);
      accumulate(`${l.mean}²`, out[l.batchMean]!, (v) => v * v);
      accumulate(l.variance, out[l.batchVariance]!, (v) => v);
    }
  }
  await evaluator.dispose();
  const layout = layoutOf(bindNetwork(network, { K: members }));
  const filled = parameters.slice();
  for (const l of layers) {
    const [mean, squares, within] = [l.mean, `${l.mean}²`, l.variance].map((name) => sums.get(name)!) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const variance = within.map((v, i) => v + Math.max(0, squares[i]! - mean[i]! ** 2));
    writeParameter(layout, filled, l.mean, Float32Array.from(mean));
    writeParameter(layout, filled, l.variance, Float32Array.from(variance));
  }
  return filled;
}
