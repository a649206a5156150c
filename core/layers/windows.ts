/** Attention inside windows, whose cost grows with the tokens only, and windows that move from layer to layer. */
import type { NetworkBuilder, Value } from '../ir/network.ts';
import { countOf, ShapeError, showShape } from '../ir/shape.ts';
import { type AttentionOptions, attention, type MultiHeadOptions, multiHeadAttention } from './attention.ts';
import { type DenseInput, unscaled, withValue } from './dense.ts';

/** Hides a place from another: its weight is 0 in float32. */
const HIDDEN = -1e9;

/** Attention of q, k, v [..., T, D] inside windows of `window` neighbours, which divides T; a bias has shape [..., T / window, window, window]. */
export function windowedAttention(
  net: NetworkBuilder,
  q: Value,
  k: Value,
  v: Value,
  window: number,
  options: AttentionOptions = {},
): Value {
  const [steps] = q.shape.slice(-2);
  if (typeof steps !== 'number' || steps % window !== 0) {
    throw new ShapeError(`${showShape(q.shape)} does not split into windows of ${window}.`);
  }
  const inWindows = (x: Value): Value => {
    const shape = [...x.shape.slice(0, -2), steps / window, window, x.shape.at(-1)!];
    return net.apply('reshape', [x], { shape });
  };
  const mixed = attention(net, inWindows(q), inWindows(k), inWindows(v), options);
  return net.apply('reshape', [mixed], { shape: [...q.shape.slice(0, -1), v.shape.at(-1)!] });
}

export interface Windows {
  /** Sizes of the grid that the tokens are the places of, row-major. */
  readonly grid: readonly number[];
  /** Places of a window along every axis, which it divides. */
  readonly window: number;
  /** Places by which windows are moved along every axis, round the end; 0 where not stated. */
  readonly shift?: number;
}

/** Position `at` in a box of `dims`, the last axis running fastest. */
const positionOf = (at: number, dims: readonly number[]): number[] =>
  dims.map((d, i) => Math.floor(at / countOf(dims.slice(i + 1))) % d);

const indexOf = (position: readonly number[], dims: readonly number[]): number =>
  position.reduce((at, p, i) => at * dims[i]! + p, 0);

/** The places of the grid window by window, and for each on which side of the grid's end it lies. */
function placesOf({ grid, window, shift = 0 }: Windows): { places: number[]; sides: string[] } {
  const windows = grid.map((size) => size / window);
  const box = grid.map(() => window);
  const inside = countOf(box);
  const moved = Array.from({ length: countOf(grid) }, (_, i) => {
    const [which, at] = [positionOf(Math.floor(i / inside), windows), positionOf(i % inside, box)];
    return which.map((w, axis) => w * window + at[axis]! + shift);
  });
  return {
    places: moved.map((p) =>
      indexOf(
        p.map((c, axis) => c % grid[axis]!),
        grid,
      ),
    ),
    sides: moved.map((p) => `${p.map((c, axis) => Math.floor(c / grid[axis]!))}`),
  };
}

/** A learned number per head for every distance between two places of a window, [K, 1, heads, 1, places, places]; one head has no axis. */
function distanceBias(net: NetworkBuilder, name: string, axes: number, window: number, heads: number): Value {
  const box = new Array<number>(axes).fill(window);
  const span = box.map(() => 2 * window - 1);
  const inside = countOf(box);
  const table = net.parameter(name, ['K', countOf(span), heads], { kind: 'normal', deviation: 0.02 }, { decay: 0 });
  const indices = Array.from({ length: inside * inside }, (_, i) => {
    const [from, to] = [positionOf(Math.floor(i / inside), box), positionOf(i % inside, box)];
    return indexOf(
      from.map((f, axis) => f - to[axis]! + window - 1),
      span,
    );
  });
  const turned = net.apply('transpose', [net.apply('select', [table], { axis: 1, indices })], { perm: [0, 2, 1] });
  return net.apply('reshape', [turned], { shape: ['K', 1, ...(heads === 1 ? [] : [heads]), 1, inside, inside] });
}

/**
 * Self-attention of tokens [K, N, T, W] inside windows of their grid (Liu and others 2021), with a learned bias per head and
 * distance. Windows that are moved hold places of both ends of the grid, which do not see each other.
 */
export function gridAttention(
  net: NetworkBuilder,
  name: string,
  x: DenseInput,
  options: MultiHeadOptions & { readonly windows: Windows },
): Value {
  const { windows, ...rest } = options;
  const tokens = unscaled(x);
  const { grid, window, shift = 0 } = windows;
  const fits = countOf(grid) === tokens.shape[2] && grid.every((size) => size % window === 0);
  if (!fits || !Number.isInteger(shift) || shift < 0 || shift >= window) {
    throw new ShapeError(
      `${showShape(tokens.shape)} has no windows of ${window} moved by ${shift} on ${showShape(grid)}.`,
    );
  }
  const { places, sides } = placesOf(windows);
  const size = window ** grid.length;
  const byWindow = net.apply('select', [tokens], { axis: 2, indices: places });
  let bias = distanceBias(net, `${name}.distance`, grid.length, window, options.heads);
  if (shift > 0) {
    const values = sides.flatMap((side, i) => {
      const first = i - (i % size);
      return sides.slice(first, first + size).map((other) => (other === side ? 0 : HIDDEN));
    });
    const mask = net.apply('constant', [], { shape: [places.length / size, size, size], values });
    bias = net.apply('add', [bias, mask]);
  }
  const mixed = multiHeadAttention(net, name, withValue(x, byWindow), {
    ...rest,
    mix: (n, q, k, v, o) => windowedAttention(n, q, k, v, size, { ...o, bias }),
  });
  const back = places.map(() => 0);
  places.forEach((place, i) => {
    back[place] = i;
  });
  return net.apply('select', [mixed], { axis: 2, indices: back });
}
