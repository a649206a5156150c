/** Numbers that the file fixes in another arrangement: sliced, joined, permuted, repeated. */
import type { Shape, Size } from '../../ir/shape.ts';
import { type Known, known } from '../operand.ts';
import { knownSize, listable, span } from '../size.ts';

export const sizesOf = (dims: Shape): number[] => dims.map((d) => knownSize(d, 'A size'));
export const countElements = (dims: readonly number[]): number => dims.reduce((a, b) => a * b, 1);
const TENSOR = 'A fixed tensor';

/** All elements, also of a single number that fills the shape. */
export function elements(x: Known): readonly Size[] {
  const count = listable(countElements(sizesOf(x.dims)), TENSOR);
  return x.data.length === count ? x.data : new Array<Size>(count).fill(x.data[0]!);
}

/** The elements of a tensor of `dims` whose places along each axis are listed, in order; the places of [] are one. */
function pick(data: readonly Size[], dims: readonly number[], places: readonly (readonly number[])[]): Size[] {
  let offsets = [0];
  places.forEach((list, axis) => {
    const stride = countElements(dims.slice(axis + 1));
    listable(offsets.length * list.length, TENSOR);
    offsets = offsets.flatMap((from) => list.map((p) => from + p * stride));
  });
  return offsets.map((i) => data[i]!);
}

const range = (count: number): number[] => span(0, count);

/** The places `indices` along `axis`. */
export function takeKnown(x: Known, axis: number, indices: readonly number[]): Known {
  if (x.data.length === 1) return { ...x, dims: x.dims.with(axis, indices.length) };
  const dims = sizesOf(x.dims);
  const places = dims.map((d, i) => (i === axis ? indices.map((p) => (p < 0 ? p + d : p)) : range(d)));
  return known(
    x.type,
    places.map((p) => p.length),
    pick(elements(x), dims, places),
  );
}

export function transposeKnown(x: Known, perm: readonly number[]): Known {
  if (x.data.length === 1) return { ...x, dims: perm.map((p) => x.dims[p]!) };
  const dims = sizesOf(x.dims);
  const strides = dims.map((_, i) => countElements(dims.slice(i + 1)));
  const data = elements(x);
  let offsets = [0];
  for (const p of perm) offsets = offsets.flatMap((from) => range(dims[p]!).map((i) => from + i * strides[p]!));
  return known(
    x.type,
    perm.map((p) => dims[p]!),
    offsets.map((i) => data[i]!),
  );
}

export function concatKnown(operands: readonly Known[], axis: number): Known {
  const first = operands[0]!;
  listable(
    operands.reduce((sum, o) => sum + countElements(sizesOf(o.dims)), 0),
    TENSOR,
  );
  if (first.dims.length === 1) {
    const data = operands.flatMap(elements);
    return known(first.type, [data.length], data);
  }
  const before = countElements(sizesOf(first.dims.slice(0, axis)));
  const lists = operands.map(elements);
  const data = range(before).flatMap((i) =>
    lists.flatMap((list) => list.slice((i * list.length) / before, ((i + 1) * list.length) / before)),
  );
  const joined = operands.reduce((sum, o) => sum + knownSize(o.dims[axis], 'A size'), 0);
  return known(
    first.type,
    first.dims.map((d, i) => (i === axis ? joined : d)),
    data,
  );
}

/** `x` with the parts at `indices` [..., depth], each a place on the first `depth` axes, replaced by `updates`. */
export function scatterKnown(x: Known, indices: Known, updates: Known): Known {
  const dims = sizesOf(x.dims);
  const depth = knownSize(indices.dims.at(-1), 'The depth of indices');
  const width = countElements(dims.slice(depth));
  const data = [...elements(x)];
  const [places, values] = [elements(indices), elements(updates)];
  for (let i = 0; i * depth < places.length; i++) {
    const start = dims.slice(0, depth).reduce((at, size, axis) => {
      const place = knownSize(places[i * depth + axis], 'An index');
      return at * size + (place < 0 ? place + size : place);
    }, 0);
    for (let j = 0; j < width; j++) data[start * width + j] = values[i * width + j] ?? 0;
  }
  return known(x.type, x.dims, data.slice(0, countElements(dims)));
}

/** The elements below (or above) diagonal `k` of the last two axes set to 0. */
export function triangleKnown(x: Known, upper: boolean, k: number): Known {
  const [rows, columns] = sizesOf(x.dims.slice(-2)) as [number, number];
  const data = elements(x).map((v, i) => {
    const distance = (i % columns) - (Math.floor(i / columns) % rows);
    return (upper ? distance >= k : distance <= k) ? v : 0;
  });
  return known(x.type, x.dims, data);
}
