import { axisOf, countOf, equalShapes, type Shape, ShapeError, showShape, sizes } from '../ir/shape.ts';
import type { Blocks } from './blocked.ts';
import type { Emitter } from './emitter.ts';
import { type Emitted, type Operator, outputCost } from './operator.ts';

export type BatchNormAttributes = { axes: readonly number[]; epsilon: number };

function statisticsShape(x: Shape, axes: readonly number[]): Shape {
  const reduced = axes.map((a) => axisOf(x, a));
  return x.map((d, i) => (reduced.includes(i) ? 1 : d));
}

/** Sum over the axes in the form that is fast for the shape; plain, also of a blocked value. */
function sum(e: Emitter, { name, shape, layout }: Emitted, axes: readonly number[]): string {
  if (layout === 'blocked') return e.blocks!.sumChannels(name, shape);
  return e.sumTo(name, shape, statisticsShape(shape, axes));
}

function mean(e: Emitter, x: Emitted, axes: readonly number[]): string {
  if (e.mode === 'inference') {
    const reduced = axes.map((a) => axisOf(x.shape, a));
    return e.reduceMean(x.name, reduced);
  }
  return e.mul(sum(e, x, axes), e.scalar(1 / shareOf(x.shape, axes)));
}

/** How many elements each statistic is of. */
const shareOf = (shape: Shape, axes: readonly number[]): number =>
  countOf(shape) / countOf(statisticsShape(shape, axes));

/** A statistic as it combines with x: spread over the places of a blocked value. */
function along(e: Emitter, statistic: string, { shape, layout }: Emitted): string {
  if (layout !== 'blocked') return statistic;
  const one = shape.map((d, i) => (i === 0 || i === 2 ? d : 1));
  return e.blocks!.spread(statistic, one, sizes(shape.slice(3)));
}

/** Whether x is of one member, in blocks: then kernels of convolution do what several passes do otherwise. */
const isLone = (e: Emitter, { shape, layout }: Emitted): boolean =>
  layout === 'blocked' && shape[0] === 1 && !e.forms.memberwise;

/** What they need: a 1 and a 0 for every channel. */
function loneOf(e: Emitter, { shape }: Emitted): { blocks: Blocks; ones: string; zeros: string } {
  const channels = sizes(shape)[2]!;
  const filled = (value: number): string => e.constant(new Float32Array(channels).fill(value), [channels]);
  return { blocks: e.blocks!, ones: filled(1), zeros: filled(0) };
}

/**
 * (x - mean) / sqrt(variance + epsilon) per channel, times a scale plus a shift where the fourth and fifth input give them.
 * Training takes the statistics of the batch over `axes`. Inference takes them from the second and third input, in x's
 * shape with 1 on `axes`, as a factor and an offset that fold into a convolution before it; without these inputs from the
 * batch too. Ioffe and Szegedy (2015).
 */
export const batchNorm: Operator<BatchNormAttributes> = {
  name: 'batch-norm',
  shape: ([x, ...perChannel], { axes }) => {
    const wanted = statisticsShape(x!, axes);
    const counted = [0, 2, 4].includes(perChannel.length);
    if (!counted || !perChannel.every((s) => equalShapes(s, wanted))) {
      throw new ShapeError(`Statistics of ${showShape(x!)} must have shape ${showShape(wanted)}.`);
    }
    return x!;
  },
  cost: outputCost,
  layouts: (_block, [x, ...perChannel], _output, { axes }) => {
    const channels = x!.shape.every((_, i) => axes.some((a) => axisOf(x!.shape, a) === i) === (i !== 0 && i !== 2));
    if (x!.layout !== 'blocked' || !channels) return null;
    return { inputs: ['blocked', ...perChannel.map(() => 'plain' as const)], output: 'blocked' };
  },
  emit: (e, [x, m, v, scale, shift], _shape, { axes, epsilon }) => {
    const inverse = (variance: string): string =>
      e.div(e.scalar(1), e.op('Sqrt', [e.add(variance, e.scalar(epsilon))]));
    const scaled = (factor: string): string => (scale ? e.mul(factor, scale.name) : factor);
    if (e.mode === 'inference' && m && v) {
      const factor = scaled(inverse(v.name));
      const offset = e.op('Neg', [e.mul(m.name, factor)]);
      return { output: e.add(e.mul(x!.name, factor), shift ? e.add(offset, shift.name) : offset) };
    }
    if (isLone(e, x!)) {
      const { blocks: b, ones, zeros } = loneOf(e, x!);
      const centred = b.affine(x!.name, x!.shape, ones, e.op('Neg', [mean(e, x!, axes)]));
      const share = e.scalar(1 / shareOf(x!.shape, axes));
      const factor = inverse(e.mul(b.dotChannels(centred, centred, x!.shape), share));
      const slope = scaled(factor);
      const output = b.affine(centred, x!.shape, slope, shift ? shift.name : zeros);
      return { output, saved: [centred, factor, slope] };
    }
    const centred = { ...x!, name: e.sub(x!.name, along(e, mean(e, x!, axes), x!)) };
    const variance = mean(e, { ...x!, name: e.mul(centred.name, centred.name) }, axes);
    const factor = inverse(variance);
    const slope = along(e, scaled(factor), x!);
    const normal = e.mul(centred.name, slope);
    const output = shift ? e.add(normal, along(e, shift.name, x!)) : normal;
    return { output, saved: [centred.name, factor, slope] };
  },
  /** With c = x - mean, f = 1/deviation and s = scale · f: s · (d - mean(d)) - c · s · f² · mean(d · c). */
  gradient: (e, { inputs, saved, gradient, needed, attributes: { axes } }) => {
    const [x, m, , scale] = inputs as [Emitted, ...(Emitted | undefined)[]];
    const [centred, factor, slope] = saved as [string, string, string];
    const total = sum(e, { ...x, name: gradient }, axes);
    const lone = isLone(e, x) ? loneOf(e, x).blocks : null;
    const product = lone
      ? lone.dotChannels(gradient, centred, x.shape)
      : sum(e, { ...x, name: e.mul(gradient, centred) }, axes);
    let forX: string | null = null;
    if (needed[0]) {
      const share = e.scalar(1 / shareOf(x.shape, axes));
      const scaled = scale ? e.mul(factor, scale.name) : factor;
      const curve = e.mul(e.mul(e.mul(factor, factor), scaled), e.mul(product, share));
      const level = e.mul(e.mul(total, share), scaled);
      if (lone) {
        const bent = lone.affine(centred, x.shape, e.op('Neg', [curve]), e.op('Neg', [level]));
        forX = lone.affine(gradient, x.shape, slope, loneOf(e, x).zeros, bent);
      } else {
        const steep = e.sub(e.mul(gradient, slope), along(e, level, x));
        forX = e.sub(steep, e.mul(centred, along(e, curve, x)));
      }
    }
    if (!m) return [forX];
    if (!scale) return [forX, null, null];
    return [forX, null, null, e.mul(product, factor), total];
  },
};
