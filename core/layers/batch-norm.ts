/** Batch normalisation with scale and shift; `collectStatistics` (core/train) fills in what inference normalises by. */
import type { NetworkBuilder, Value } from '../ir/network.ts';
import { type Shape, ShapeError, showShape } from '../ir/shape.ts';

/** What the statistics of a layer are called: parameters that training leaves alone, and outputs of a batch's own. */
export const statisticNames = (name: string) => ({
  mean: `${name}.mean`,
  variance: `${name}.variance`,
  batchMean: `${name}.batch-mean`,
  batchVariance: `${name}.batch-variance`,
});

/**
 * x [K, N, C, ...size] normalised per channel over rows and places, then scaled and shifted. Adds the parameters
 * `name`.scale, .shift, .mean and .variance and the outputs `name`.batch-mean and .batch-variance.
 */
export function batchNorm(net: NetworkBuilder, name: string, x: Value, epsilon = 1e-5): Value {
  const [members, , channels, ...size] = x.shape;
  if (typeof channels !== 'number') throw new ShapeError(`${showShape(x.shape)} has no channels to normalise.`);
  const shape: Shape = [members!, 1, channels, ...size.map(() => 1)];
  const axes = [1, ...size.map((_, i) => i + 3)];
  const fixed = { rate: 0, decay: 0 };
  const names = statisticNames(name);
  const mean = net.parameter(names.mean, shape, { kind: 'constant', value: 0 }, fixed);
  const variance = net.parameter(names.variance, shape, { kind: 'constant', value: 1 }, fixed);
  const batchMean = net.apply('reduce-mean', [x], { axes });
  const centred = net.apply('sub', [x, batchMean]);
  net.output(names.batchMean, batchMean);
  net.output(names.batchVariance, net.apply('reduce-mean', [net.apply('mul', [centred, centred])], { axes }));
  const scale = net.parameter(`${name}.scale`, shape, { kind: 'constant', value: 1 }, { decay: 0 });
  const shift = net.parameter(`${name}.shift`, shape, { kind: 'constant', value: 0 }, { decay: 0 });
  return net.apply('batch-norm', [x, mean, variance, scale, shift], { axes, epsilon });
}
