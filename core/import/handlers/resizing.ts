/** Resizing: whole factors by the network's own operator, anything else as products with interpolation matrices. */
import type { Value } from '../../ir/network.ts';
import { activation, type Handler, type NodeReader } from '../node-reader.ts';
import { knownSize, listable } from '../size.ts';

interface AxisScale {
  readonly axis: number;
  readonly from: number;
  readonly to: number;
  readonly scale: number;
}

function scalesOf(node: NodeReader): AxisScale[] {
  const dims = node.dims(0);
  const axes = node.ints('axes')?.map((a) => node.axis(a)) ?? dims.map((_, i) => i);
  const sizes = node.has(3) ? node.list(3) : null;
  const factors = sizes ? null : node.numbers(2);
  return axes.flatMap((axis, i) => {
    const size = dims[axis]!;
    if (sizes ? sizes[i] === size : factors?.[i] === 1) return [];
    const from = knownSize(size, `Axis ${axis}, which is resized,`);
    const to = sizes ? knownSize(sizes[i], 'A new size') : Math.floor(from * (factors?.[i] ?? 1));
    return [{ axis, from, to, scale: factors?.[i] ?? to / from }];
  });
}

/** Where a place of the resized axis lies in the original, as the ONNX specification has it. */
function original(mode: string, { from, to, scale }: AxisScale, at: number): number {
  if (mode === 'asymmetric') return at / scale;
  if (mode === 'align_corners') return to === 1 ? 0 : (at * (from - 1)) / (to - 1);
  if (mode === 'pytorch_half_pixel') return to === 1 ? 0 : (at + 0.5) / scale - 0.5;
  if (mode === 'half_pixel') return (at + 0.5) / scale - 0.5;
  if (mode === 'half_pixel_symmetric') {
    const adjustment = to / (scale * from);
    return (from / 2) * (1 - adjustment) + (at + 0.5) / scale - 0.5;
  }
  return Number.NaN;
}

const rounding: Readonly<Record<string, (v: number) => number>> = {
  round_prefer_floor: (v) => Math.ceil(v - 0.5),
  round_prefer_ceil: (v) => Math.floor(v + 0.5),
  floor: Math.floor,
  ceil: Math.ceil,
};

/** Keys' (1981) weights of the four neighbours of a place `t` after the second. */
function cubicWeights(t: number, a: number): number[] {
  const near = (d: number): number => ((a + 2) * d - (a + 3)) * d * d + 1;
  const far = (d: number): number => ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
  return [far(1 + t), near(t), near(1 - t), far(2 - t)];
}

/** Weights [to, from] of one axis, row-major; edges are repeated. */
function interpolation(node: NodeReader, axis: AxisScale): number[] {
  const mode = node.text('mode', 'nearest');
  const coordinates = node.text('coordinate_transformation_mode', 'half_pixel');
  const round = rounding[node.text('nearest_mode', 'round_prefer_floor')];
  const weights = new Array<number>(listable(axis.from * axis.to, 'An interpolation')).fill(0);
  for (let at = 0; at < axis.to; at++) {
    const place = original(coordinates, axis, at);
    if (Number.isNaN(place) || !round) node.refuse(`Resizing by ${coordinates} is not supported.`);
    const add = (p: number, weight: number): void => {
      weights[at * axis.from + Math.min(Math.max(p, 0), axis.from - 1)]! += weight;
    };
    const low = Math.floor(place);
    const rest = place - low;
    if (mode === 'nearest') add(round(place), 1);
    else if (mode === 'linear') {
      add(low, 1 - rest);
      add(low + 1, rest);
    } else if (mode === 'cubic')
      for (const [i, w] of cubicWeights(rest, node.float('cubic_coeff_a', -0.75)).entries()) add(low - 1 + i, w);
    else node.refuse(`Resizing of mode ${mode} is not supported.`);
  }
  return weights;
}

/** Whether the network's own resize means the same. */
function isPlain(node: NodeReader, scales: readonly AxisScale[]): boolean {
  const rank = node.rank(0);
  const last = scales.every(({ axis }, i) => axis === rank - scales.length + i);
  const whole = scales.every(({ from, to, scale }) => to % from === 0 && scale === to / from && to > 1);
  const mode = node.text('mode', 'nearest');
  const coordinates = node.text('coordinate_transformation_mode', 'half_pixel');
  if (!last || !whole || scales.length > 2) return false;
  if (mode === 'nearest')
    return coordinates === 'asymmetric' && node.text('nearest_mode', 'round_prefer_floor') === 'floor';
  return mode === 'linear' && (coordinates === 'half_pixel' || coordinates === 'pytorch_half_pixel');
}

/** x with one axis multiplied by its interpolation matrix. */
function alongAxis(node: NodeReader, x: Value, scale: AxisScale): Value {
  const rank = x.shape.length - 1;
  const values = interpolation(node, scale);
  const matrix = (shape: number[], data: number[]): Value =>
    node.apply('constant', [], { shape: [...new Array<number>(rank - 1).fill(1), ...shape], values: data });
  const { axis, from, to } = scale;
  if (axis === rank - 2) return node.apply('matmul', [matrix([to, from], values), x]);
  const turned = Array.from({ length: from * to }, (_, i) => values[(i % to) * from + Math.floor(i / to)]!);
  const last = node.scope.transpose(x, swapped(rank, axis));
  return node.scope.transpose(node.apply('matmul', [last, matrix([from, to], turned)]), swapped(rank, axis));
}

const swapped = (rank: number, axis: number): number[] =>
  Array.from({ length: rank }, (_, i) => (i === axis ? rank - 1 : i === rank - 1 ? axis : i));

const resize: Handler = (node) => {
  const scales = scalesOf(node);
  const x = node.value(0);
  if (scales.length === 0) return [activation(x)];
  if (node.int('antialias', 0) === 1 || node.int('exclude_outside', 0) === 1) {
    node.refuse('Neither anti-aliasing nor leaving out what lies outside is supported.');
  }
  if (isPlain(node, scales)) {
    const factors = scales.map(({ from, to }) => to / from);
    return [activation(node.apply('resize', [x], { mode: node.text('mode', 'nearest'), factors }))];
  }
  return [activation(scales.reduce((y, scale) => alongAxis(node, y, scale), x))];
};

export const resizing: Readonly<Record<string, Handler>> = { Resize: resize };
