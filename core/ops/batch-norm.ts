import { axisOf, countOf, equalShapes, type Shape, ShapeError, showShape, sizes } from '../ir/shape.ts';
import type { Emitter } from './emitter.ts';
import { type Operator, outputCost, type Placed } from './operator.ts';

export type BatchNormAttributes = { axes: readonly number[]; epsilon: number };

function statisticsShape(x: Shape, axes: readonly number[]): Shape {
  const reduced = axes.map((a) => axisOf(x, a));
  return x.map((d, i) => (reduced.includes(i) ? 1 : d));
}

/**
 * Mean over the axes, in training through `sumTo`, which picks the fast form for the shape; in blocks spread over the
 * places, so that it combines with x.
 */
function mean(e: Emitter, x: string, { shape, layout }: Placed, axes: readonly number[]): string {
  if (layout === 'blocked') {
    const blocks = e.blocks!;
    const one = shape.map((d, i) => (i === 0 || i === 2 ? d : 1));
    const share = e.scalar(countOf(one) / countOf(shape));
    return blocks.spread(e.mul(blocks.sumChannels(x, shape), share), one, sizes(shape.slice(3)));
  }
  if (e.mode === 'inference')
    return e.reduceMean(
      x,
      axes.map((a) => axisOf(shape, a)),
    );
  const to = statisticsShape(shape, axes);
  return e.mul(e.sumTo(x, shape, to), e.scalar(countOf(to) / countOf(shape)));
}

/**
 * (x - mean) / sqrt(variance + epsilon) per channel, without scale and shift (compose with mul and add). Training takes
 * the statistics of the batch over `axes`. Inference takes them from the second and third input, in x's shape with 1
 * on `axes`, as a factor and an offset that fold into a convolution before it; without these inputs from the batch too.
 * Ioffe and Szegedy (2015).
 */
export const batchNorm: Operator<BatchNormAttributes> = {
  name: 'batch-norm',
  shape: ([x, m, variance], { axes }) => {
    const wanted = statisticsShape(x!, axes);
    const alone = m === undefined && variance === undefined;
    if (!alone && !(m && variance && equalShapes(m, wanted) && equalShapes(variance, wanted))) {
      throw new ShapeError(`Statistics of ${showShape(x!)} must have shape ${showShape(wanted)}.`);
    }
    return x!;
  },
  cost: outputCost,
  layouts: (_block, [x, ...statistics], _output, { axes }) => {
    const perChannel = x!.shape.every((_, i) => axes.some((a) => axisOf(x!.shape, a) === i) === (i !== 0 && i !== 2));
    if (x!.layout !== 'blocked' || !perChannel) return null;
    return { inputs: ['blocked', ...statistics.map(() => 'plain' as const)], output: 'blocked' };
  },
  emit: (e, [x, m, v], shape, { axes, epsilon }) => {
    const inverse = (variance: string): string =>
      e.div(e.scalar(1), e.op('Sqrt', [e.add(variance, e.scalar(epsilon))]));
    if (e.mode === 'inference' && m && v) {
      const factor = inverse(v.name);
      return { output: e.add(e.mul(x!.name, factor), e.op('Neg', [e.mul(m.name, factor)])) };
    }
    const placed = { shape, layout: x!.layout ?? 'plain' };
    const centred = e.sub(x!.name, mean(e, x!.name, placed, axes));
    const factor = inverse(mean(e, e.mul(centred, centred), placed, axes));
    return { output: e.mul(centred, factor), saved: [factor] };
  },
  gradient: (e, { inputs, output, saved, gradient, attributes: { axes } }) => {
    const { name: y, shape, layout = 'plain' } = output;
    const placed = { shape, layout };
    const along = e.mul(y, mean(e, e.mul(gradient, y), placed, axes));
    const centred = e.sub(gradient, mean(e, gradient, placed, axes));
    return [e.mul(e.sub(centred, along), saved[0]!), null, null].slice(0, inputs.length);
  },
};
