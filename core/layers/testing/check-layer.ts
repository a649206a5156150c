/** What every layer must hold: exact gradients, the exported form equal to the training form, a counted cost. */
import type { Runtime } from '../../contracts/runtime.ts';
import { bindNetwork, type Network, type NetworkBuilder, networkCost, type Value } from '../../ir/network.ts';
import {
  checkGradients,
  type Feeds,
  type GradientCheck,
  runForward,
  seeded,
} from '../../ops/testing/gradient-check.ts';
import { normalised } from '../../train/statistics.ts';
import { statisticNames } from '../batch-norm.ts';
import { drawFeeds } from './draw-feeds.ts';

export interface LayerCase {
  readonly build: (net: NetworkBuilder) => Value;
  /** Feeds that are not drawn: indices, masks. */
  readonly fixed?: Readonly<Record<string, readonly number[]>>;
  /** 1 where not stated. */
  readonly members?: number;
}

/**
 * An error in any element shows along a random direction but for chance, and operators are compared in every form by
 * tests of their own.
 */
const quick = { directions: 4, forms: [{ contrib: true }] };

function bound({ build, fixed, members = 1 }: LayerCase): { network: Network; loss: Value; feeds: Feeds } {
  const built = seeded(build);
  const network = bindNetwork(built.network, { K: members });
  return { network, loss: network.values[built.loss.id]!, feeds: drawFeeds(network, 31, fixed) };
}

/** The network with nothing left out at random. */
export function withoutNoise(network: Network): Network {
  const applications = network.applications.map((a) =>
    a.op === 'dropout' || a.op === 'drop-path' ? { ...a, attributes: { rate: 0 } } : a,
  );
  return { ...network, applications };
}

/** Gradients of inputs and parameters through the whole layer. */
export function checkLayerGradients(runtime: Runtime, layer: LayerCase): Promise<GradientCheck> {
  const { network, loss, feeds } = bound(layer);
  return checkGradients(runtime, network, loss, feeds, 1e-6, quick);
}

/**
 * Largest difference between the training form on the first runtime and the exported form on any, relative to the
 * largest output.
 * Dropout is left out; batch normalisation gets the statistics of the batch.
 */
export async function checkLayerExport(runtimes: readonly [Runtime, ...Runtime[]], layer: LayerCase): Promise<number> {
  const { network: whole, feeds } = bound(layer);
  const network = withoutNoise(whole);
  const filled: Record<string, readonly number[]> = { ...feeds };
  const run = (runtime: Runtime, value: Value, mode: 'training' | 'inference') =>
    runForward(runtime, network, value, filled, mode);
  for (const names of normalised(network).map(statisticNames)) {
    filled[names.mean] = await run(runtimes[0], network.outputs[names.batchMean]!, 'training');
    filled[names.variance] = await run(runtimes[0], network.outputs[names.batchVariance]!, 'training');
  }
  const wanted = await run(runtimes[0], network.outputs.out!, 'training');
  const scale = Math.max(1, ...wanted.map(Math.abs));
  const differences = await Promise.all(
    runtimes.map(async (runtime) => {
      const got = await run(runtime, network.outputs.out!, 'inference');
      return got.map((v, i) => Math.abs(v - wanted[i]!) / scale);
    }),
  );
  return Math.max(...differences.flat());
}

/** Multiply-accumulates, parameters and kept bytes of the layer. */
export const layerCost = (layer: LayerCase) => networkCost(bound(layer).network, {});
