/** Normalisations; scales and shifts become parameters of their own. */
import type { Value } from '../../ir/network.ts';
import type { Size } from '../../ir/shape.ts';
import { statisticNames } from '../../layers/batch-norm.ts';
import { activation, type Handler, type NodeReader, single } from '../node-reader.ts';
import { type Known, known, type Weight } from '../operand.ts';
import { isFrozen } from '../options.ts';
import { reshapeWeight } from '../parameters.ts';
import { knownSize, productOf } from '../size.ts';

/** x · scale + shift from inputs `i` and `i + 1`, seen in the shape `dims`. */
function affine(node: NodeReader, x: Value, i: number, dims: readonly Size[]): Value {
  let y = x;
  if (node.has(i)) y = node.apply('mul', [y, node.viewed(i, dims)]);
  if (node.has(i + 1)) y = node.apply('add', [y, node.viewed(i + 1, dims)]);
  return y;
}

/** [1, C, 1, ...]: one number per channel. */
const perChannel = (node: NodeReader): Size[] => node.dims(0).map((d, i) => (i === 1 ? d : 1));

/** The layer that a mean belongs to, by the endings that PyTorch and Keras give. */
const layerName = (mean: string): string => mean.replace(/[./_]?(running_mean|moving_mean|mean)(:0)?$/, '') || mean;

/** (x - mean) / sqrt(variance + epsilon) by the batch, as `batchNorm` in core/layers has it, with the file's statistics for inference. */
function byBatch(node: NodeReader, mean: Weight, variance: Weight): Value {
  const { scope } = node;
  const x = scope.perMember(node.value(0));
  const dims = perChannel(node) as number[];
  const names = statisticNames(layerName(mean.source));
  const fixed = (name: string, weight: Weight): Value =>
    scope.parameters.fixed(name, reshapeWeight(weight, dims), dims);
  const axes = x.shape.flatMap((_, i) => (i === 0 || i === 2 ? [] : [i]));
  const batchMean = node.apply('reduce-mean', [x], { axes });
  const centred = node.apply('sub', [x, batchMean]);
  scope.net.output(names.batchMean, batchMean);
  const square = node.apply('mul', [centred, centred]);
  scope.net.output(names.batchVariance, node.apply('reduce-mean', [square], { axes }));
  const statistics = [fixed(names.mean, mean), fixed(names.variance, variance)];
  return node.apply('batch-norm', [x, ...statistics], { axes, epsilon: node.float('epsilon', 1e-5) });
}

/** The same by fixed statistics: one factor and one offset per channel. */
function byStatistics(node: NodeReader, mean: Float32Array, variance: Float32Array): Value {
  const epsilon = node.float('epsilon', 1e-5);
  const factors = Array.from(variance, (v) => 1 / Math.sqrt(v + epsilon));
  const dims = perChannel(node);
  const constant = (data: number[]): Value => node.scope.value(known('float', dims, data));
  const scaled = node.apply('mul', [node.value(0), constant(factors)]);
  return node.apply('add', [scaled, constant(factors.map((f, i) => -f * mean[i]!))]);
}

const batchNormalisation: Handler = (node) => {
  const [mean, variance] = [node.operand(3), node.operand(4)];
  const { options } = node.scope;
  const numbers = ({ data }: Known | Weight): Float32Array => Float32Array.from(data as ArrayLike<number>);
  if (mean.kind === 'known' && variance.kind === 'known') {
    return [activation(affine(node, byStatistics(node, numbers(mean), numbers(variance)), 1, perChannel(node)))];
  }
  if (mean.kind !== 'weight' || variance.kind !== 'weight') return node.refuse('The statistics must be in the file.');
  const frozen = options.normalisation === 'frozen' || isFrozen(mean.source, options);
  const normal = frozen ? byStatistics(node, mean.data, variance.data) : byBatch(node, mean, variance);
  return [activation(affine(node, normal, 1, perChannel(node))), null, null, null, null];
};

/** `x` normalised over its axes from `from` on, which are seen as one. */
function overLast(node: NodeReader, x: Value, from: number, op: string, epsilon: number): Value {
  const dims = x.shape.slice(1);
  const wide = productOf(dims.slice(from));
  const flat = node.scope.reshape(x, [...dims.slice(0, from), wide]);
  return node.scope.reshape(node.apply(op, [flat], { epsilon }), dims);
}

const layerNormalisation: Handler = (node) => {
  const axis = node.axis(node.int('axis', -1));
  const normal = overLast(node, node.value(0), axis, 'layer-norm', node.float('epsilon', 1e-5));
  const rank = node.rank(0);
  const padded = (i: number): Size[] => [...new Array<number>(rank - node.rank(i)).fill(1), ...node.dims(i)];
  return [activation(affine(node, normal, 1, padded(1))), null, null];
};

const rmsNormalisation = single((node) => {
  const axis = node.axis(node.int('axis', -1));
  const normal = overLast(node, node.value(0), axis, 'rms-norm', node.float('epsilon', 1e-5));
  return node.apply('mul', [normal, node.value(1, node.rank(0))]);
});

const instanceNormalisation = single((node) => {
  const normal = overLast(node, node.value(0), 2, 'layer-norm', node.float('epsilon', 1e-5));
  return affine(node, normal, 1, perChannel(node));
});

/** Channels in `num_groups` groups; scales are one per group before operator set 21, one per channel after. */
const groupNormalisation = single((node) => {
  const x = node.value(0);
  const dims = node.dims(0);
  const groups = node.int('num_groups', 1);
  const channels = knownSize(dims[1], 'The number of channels');
  const grouped = [dims[0]!, groups, channels / groups, ...dims.slice(2)];
  const normal = overLast(node, node.scope.reshape(x, grouped), 2, 'layer-norm', node.float('epsilon', 1e-5));
  if (knownSize(node.dims(1)[0], 'The number of scales') === groups && groups !== channels) {
    return node.scope.reshape(
      affine(
        node,
        normal,
        1,
        grouped.map((_, i) => (i === 1 ? groups : 1)),
      ),
      dims,
    );
  }
  return affine(node, node.scope.reshape(normal, dims), 1, perChannel(node));
});

export const normalisation: Readonly<Record<string, Handler>> = {
  BatchNormalization: batchNormalisation,
  LayerNormalization: layerNormalisation,
  RMSNormalization: rmsNormalisation,
  InstanceNormalization: instanceNormalisation,
  GroupNormalization: groupNormalisation,
};
