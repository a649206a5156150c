/**
 * Shapes whose axes are known sizes or named sizes that are bound later, such as `N` (rows) and `K` (members), or whole
 * multiples of a named size, such as `4*N` where rows were merged with another axis.
 */

export type Size = number | string;
export type Shape = readonly Size[];

/** A network whose operands do not fit together. */
export class ShapeError extends Error {
  override name = 'ShapeError';
}

export const showShape = (shape: Shape): string => `[${shape.join(', ')}]`;

export const equalShapes = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((d, i) => d === b[i]);

/** The common shape of `a` and `b` under ONNX (NumPy) broadcasting. Throws a ShapeError naming both. */
export function broadcast(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a[a.length - rank + i] ?? 1;
    const y = b[b.length - rank + i] ?? 1;
    if (x === y || y === 1) return x;
    if (x === 1) return y;
    throw new ShapeError(`${showShape(a)} and ${showShape(b)} do not broadcast.`);
  });
}

/** `axis` counted from the front. Throws a ShapeError when the shape has no such axis. */
export function axisOf(shape: Shape, axis: number): number {
  const front = axis < 0 ? axis + shape.length : axis;
  if (!Number.isInteger(front) || front < 0 || front >= shape.length) {
    throw new ShapeError(`${showShape(shape)} has no axis ${axis}.`);
  }
  return front;
}

/** Number of elements. Throws a ShapeError while a size is still a name. */
export function countOf(shape: Shape): number {
  return sizes(shape).reduce((product, d) => product * d, 1);
}

/** The shape as plain numbers. Throws a ShapeError while a size is still a name. */
export function sizes(shape: Shape): number[] {
  return shape.map((d) => {
    if (typeof d !== 'number') throw new ShapeError(`Size ${d} of ${showShape(shape)} is not bound.`);
    return d;
  });
}

/** The number and the name that a size is the product of; the name is empty for a known size. */
export function factorsOf(size: Size): { readonly times: number; readonly name: string } {
  if (typeof size === 'number') return { times: size, name: '' };
  const star = size.indexOf('*');
  return star < 0 ? { times: 1, name: size } : { times: Number(size.slice(0, star)), name: size.slice(star + 1) };
}

/** `times` times the size called `name`; just the number where the name is empty. */
export function multipleOf(times: number, name: string): Size {
  if (name === '') return times;
  return times === 1 ? name : `${times}*${name}`;
}

/** Replaces named sizes, and multiples of them, by the numbers given for them; others stay. */
export function bindShape(shape: Shape, binding: Readonly<Record<string, number>>): Shape {
  return shape.map((d) => {
    const { times, name } = factorsOf(d);
    const bound = name === '' ? 1 : binding[name];
    return bound === undefined ? d : times * bound;
  });
}
