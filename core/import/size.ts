/** Arithmetic on sizes while one of them, the rows, is still a name. */
import { factorsOf, multipleOf, type Shape, type Size } from '../ir/shape.ts';
import { ImportError } from './import-error.ts';

function refuse(a: Size, operation: string, b: Size): never {
  throw new ImportError(`A size of ${a} ${operation} ${b} cannot be known before the rows are.`);
}

/** The sum. Throws an ImportError where it is no multiple of one name. */
export function addSizes(a: Size, b: Size): Size {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  if (a === 0) return b;
  if (b === 0) return a;
  const [x, y] = [factorsOf(a), factorsOf(b)];
  return x.name === y.name ? scaled(x.times + y.times, x.name) : refuse(a, 'plus', b);
}

export const subtractSizes = (a: Size, b: Size): Size => addSizes(a, multiplySizes(b, -1));

const scaled = (times: number, name: string): Size => (times === 0 ? 0 : multipleOf(times, name));

/** The product. Throws an ImportError where both are names. */
export function multiplySizes(a: Size, b: Size): Size {
  if (typeof a === 'number' && typeof b === 'number') return a * b;
  const [x, y] = [factorsOf(a), factorsOf(b)];
  return x.name && y.name ? refuse(a, 'times', b) : scaled(x.times * y.times, x.name || y.name);
}

/** The quotient of sizes. Throws an ImportError where it is not whole. */
export function divideSizes(a: Size, b: Size): Size {
  const [x, y] = [factorsOf(a), factorsOf(b)];
  const quotient = x.times / y.times;
  if (x.name === y.name && Number.isInteger(quotient)) return quotient;
  return y.name === '' && Number.isInteger(quotient) ? scaled(quotient, x.name) : refuse(a, 'over', b);
}

/** Whether two sizes are equal; a name is positive and equals only itself. */
export function equalSizes(a: Size, b: Size): boolean {
  if (typeof a === typeof b) return a === b;
  const number = typeof a === 'number' ? a : b;
  return Number(number) > 0 ? refuse(a, 'against', b) : false;
}

/** Most places of an axis that are listed one by one, and most numbers of the file that are computed with at import. */
export const MOST_LISTED = 1 << 24;

/** `count`, where it can be listed. Throws an ImportError where it is negative, no whole number, or too many. */
export function listable(count: number, what: string): number {
  if (Number.isInteger(count) && count >= 0 && count <= MOST_LISTED) return count;
  throw new ImportError(`${what} would be ${count} numbers, which is more than an import computes with.`);
}

/** `count` whole numbers from `start` on. */
export const span = (start: number, count: number): number[] =>
  Array.from({ length: listable(count, 'A part of an axis') }, (_, i) => start + i);

export const productOf = (shape: Shape): Size => shape.reduce<Size>(multiplySizes, 1);

/** A size that has to be known. Throws an ImportError naming `what` it is. */
export function knownSize(size: Size | undefined, what: string): number {
  if (typeof size === 'number') return size;
  throw new ImportError(`${what} must be known, but is ${size ?? 'missing'}.`);
}
