import { ShapeError, showShape, sizes } from '../ir/shape.ts';
import type { Emitter } from './emitter.ts';
import { type Operator, outputCost } from './operator.ts';

/** cos and sin of position · base^(-i / half) as tables [T, half]. */
function tables(e: Emitter, positions: number, half: number, base: number): [string, string] {
  const angles = Float64Array.from({ length: positions * half }, (_, at) => {
    return Math.floor(at / half) * base ** (-(at % half) / half);
  });
  return [e.constant(angles.map(Math.cos), [positions, half]), e.constant(angles.map(Math.sin), [positions, half])];
}

/** Turns every pair (x_i, x_{i + half}) by its angle, or back. */
function turn(
  e: Emitter,
  x: string,
  rank: number,
  positions: number,
  width: number,
  base: number,
  back: boolean,
): string {
  const half = width / 2;
  const [cos, sin] = tables(e, positions, half, base);
  const [a, b] = e.split(x, rank - 1, [half, half]) as [string, string];
  const [left, right] = back ? [e.add, e.sub] : [e.sub, e.add];
  const turned = [left(e.mul(a, cos), e.mul(b, sin)), right(e.mul(b, cos), e.mul(a, sin))];
  return e.op('Concat', turned, { axis: rank - 1 });
}

/** Rotary position embedding of x [..., T, D], D even: position enters as an angle (Su and others 2021). */
export const rotary: Operator<{ base: number }> = {
  name: 'rotary',
  shape: ([x], { base }) => {
    const [positions, width] = x!.slice(-2);
    const fits = typeof positions === 'number' && typeof width === 'number' && width % 2 === 0;
    if (x!.length < 2 || !fits || !(base > 0))
      throw new ShapeError(`${showShape(x!)} has no positions and pairs to turn.`);
    return x!;
  },
  cost: outputCost,
  emit: (e, [x], shape, { base }) => {
    const [positions, width] = sizes(shape.slice(-2)) as [number, number];
    return { output: turn(e, x!.name, shape.length, positions, width, base, false) };
  },
  gradient: (e, { output, gradient, attributes: { base } }) => {
    const [positions, width] = sizes(output.shape.slice(-2)) as [number, number];
    return [turn(e, gradient, output.shape.length, positions, width, base, true)];
  },
};
