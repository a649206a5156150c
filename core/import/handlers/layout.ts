/** Operators that arrange elements anew. */
import type { Value } from '../../ir/network.ts';
import { broadcast, type Size } from '../../ir/shape.ts';
import { evenParts } from '../fold/fold.ts';
import { reopened, resolveShape, withAxes } from '../fold/shape.ts';
import { slicePlaces } from '../fold/slice.ts';
import { activation, type Handler, type NodeReader, single } from '../node-reader.ts';
import type { Operand } from '../operand.ts';
import { reshapeWeight, transposeWeight } from '../parameters.ts';
import { knownSize, multiplySizes, productOf, span } from '../size.ts';

/** Input 0 seen in the shape `dims`, without work where it is a weight or an index. */
function view(node: NodeReader, dims: readonly Size[]): Operand {
  const operand = node.operand(0);
  if (operand.kind === 'index') {
    if (operand.dims !== operand.repeated) node.refuse('Repeated indices cannot be seen in another shape.');
    return { ...operand, dims, repeated: dims };
  }
  if (operand.kind === 'weight' && !operand.shared) {
    return reshapeWeight(
      operand,
      dims.map((d) => knownSize(d, 'The size of a weight')),
    );
  }
  return activation(node.scope.reshape(node.value(0), dims));
}

const reshape: Handler = (node) => {
  const { fixedRows } = node.scope;
  const given = node.list(1) ?? [];
  const target = fixedRows === null ? given : reopened(node.dims(0), given, fixedRows);
  return [view(node, resolveShape(node.dims(0), target, node.int('allowzero', 0) === 1))];
};

const flatten: Handler = (node) => {
  const dims = node.dims(0);
  const axis = node.axis(node.int('axis', 1), dims.length + 1);
  return [view(node, [productOf(dims.slice(0, axis)), productOf(dims.slice(axis))])];
};

const squeeze: Handler = (node) => {
  const axes = node.intsAt('axes', 1)?.map((a) => node.axis(a));
  const dims = node.dims(0).filter((d, i) => (axes ? !axes.includes(i) : d !== 1));
  return [view(node, dims)];
};

const unsqueeze: Handler = (node) => {
  const axes = node.intsAt('axes', 1) ?? [];
  const rank = node.rank(0) + axes.length;
  const added = axes.map((a) => node.axis(a, rank));
  return [view(node, withAxes(node.dims(0), added))];
};

const transpose: Handler = (node) => {
  const rank = node.rank(0);
  const perm = node.ints('perm') ?? Array.from({ length: rank }, (_, i) => rank - 1 - i);
  const operand = node.operand(0);
  if (operand.kind === 'weight' && !operand.shared) return [transposeWeight(operand, perm)];
  return [activation(node.scope.transpose(node.value(0), perm))];
};

/** What a file made with one row has once, next to values of open rows, repeated for every row. */
function withRows(node: NodeReader, values: readonly Value[]): readonly Value[] {
  const open = values.map((v) => v.shape[1]).find((d) => typeof d === 'string');
  if (node.scope.fixedRows !== 1 || open === undefined) return values;
  return values.map((v) => (v.shape[1] === 1 ? node.scope.expand(v, [open, ...v.shape.slice(2)]) : v));
}

/** Joined; where some operands have members and others are the same for all, these are repeated. */
const concat = single((node) => {
  const values = withRows(
    node,
    node.inputs.map((_, i) => node.value(i)),
  );
  const perMember = values.some((v) => v.shape[0] === 'K');
  const joined = perMember ? values.map((v) => node.scope.perMember(v)) : values;
  return node.apply('concat', joined, { axis: node.axis(node.int('axis', 0)) + 1 });
});

/** Places along an axis of the file: a slice where they are adjacent. */
export function take(node: NodeReader, x: Value, axis: number, places: readonly number[]): Value {
  const size = x.shape[axis + 1];
  const [start] = places as [number];
  const adjacent = places.every((p, i) => p === start + i);
  if (places.length === 0) return node.refuse(`Nothing is left of axis ${axis}.`);
  if (adjacent && places.length === size) return x;
  if (adjacent) return node.apply('slice', [x], { axis: axis + 1, start, end: start + places.length });
  return node.apply('select', [x], { axis: axis + 1, indices: places });
}

const slice: Handler = (node) => {
  const cuts = slicePlaces(node, node.dims(0));
  if (cuts.length === 0) return [node.operand(0)];
  return [activation(cuts.reduce((x, { axis, places }) => take(node, x, axis, places), node.value(0)))];
};

const split: Handler = (node) => {
  const axis = node.axis(node.int('axis', 0));
  const size = knownSize(node.dims(0)[axis], 'An axis that is split');
  const lengths = node.intsAt('split', 1) ?? evenParts(size, node.node.outputs.length);
  let start = 0;
  return lengths.map((length) => {
    const places = span(start, length);
    start += length;
    return activation(take(node, node.value(0), axis, places));
  });
};

const expand: Handler = (node) => {
  const operand = node.operand(0);
  const dims = broadcast(node.dims(0), node.list(1) ?? []);
  if (operand.kind === 'index') return [{ ...operand, repeated: dims }];
  return [activation(node.scope.expand(node.value(0, dims.length), dims))];
};

/** Places of an axis of `size` with `before` and `after` more, by the rule `mode`. */
function paddedPlaces(node: NodeReader, mode: string, size: number, before: number, after: number): number[] {
  const period = 2 * size - 2;
  return span(0, size + before + after).map((i) => {
    const at = i - before;
    if (mode === 'edge') return Math.min(Math.max(at, 0), size - 1);
    if (mode === 'wrap') return ((at % size) + size) % size;
    if (mode !== 'reflect') return node.refuse(`Padding of mode ${mode} is not supported.`);
    const turned = period === 0 ? 0 : ((at % period) + period) % period;
    return turned < size ? turned : period - turned;
  });
}

const pad = single((node) => {
  const given = node.intsAt('pads', 1) ?? node.refuse('The padding is missing.');
  const rank = node.rank(0);
  const axes = node.numbers(3)?.map((a) => node.axis(a)) ?? Array.from({ length: rank }, (_, i) => i);
  const mode = node.text('mode', 'constant');
  let x = node.value(0);
  const rest = new Array<number>(2 * rank).fill(0);
  axes.forEach((axis, i) => {
    const [before, after] = [given[i]!, given[axes.length + i]!];
    if (before === 0 && after === 0) return;
    const size = knownSize(x.shape[axis + 1], `Axis ${axis}, which is padded,`);
    const [cutStart, cutEnd] = [Math.max(0, -before), size - Math.max(0, -after)];
    if (cutStart > 0 || cutEnd < size) {
      x = take(
        node,
        x,
        axis,
        Array.from({ length: cutEnd - cutStart }, (_, p) => cutStart + p),
      );
    }
    const [more, extra] = [Math.max(0, before), Math.max(0, after)];
    if (mode === 'constant') [rest[axis], rest[rank + axis]] = [more, extra];
    else x = take(node, x, axis, paddedPlaces(node, mode, cutEnd - cutStart, more, extra));
  });
  if (rest.every((p) => p === 0)) return x;
  if (node.has(2) && (node.numbers(2)![0] ?? 0) !== 0) node.refuse('Only zeros can be padded.');
  const first = Math.min(...rest.flatMap((p, i) => (p > 0 ? [i % rank] : [])));
  return node.apply('pad', [x], { pads: [...rest.slice(first, rest.length / 2), ...rest.slice(rank + first)] });
});

const MOST_COPIES = 1024;

const tile = single((node) => {
  const repeats = node.numbers(1) ?? [];
  return repeats.reduce((x, count, axis) => {
    if (count === 1) return x;
    if (!(count >= 1 && count <= MOST_COPIES)) return node.refuse(`${count} copies are too many or too few.`);
    return node.apply('concat', new Array<Value>(count).fill(x), { axis: axis + 1 });
  }, node.value(0));
});

/** Channels to places and back, blocks of b by b (Shi and others 2016); `DCR` has the block first, `CRD` the channels. */
const depthToSpace = single((node) => {
  const [n, c, h, w] = node.dims(0) as [Size, Size, Size, Size];
  const b = node.int('blocksize', 1);
  const channels = knownSize(c, 'The number of channels') / (b * b);
  const blockFirst = node.text('mode', 'DCR') === 'DCR';
  const parts = blockFirst ? [n, b, b, channels, h, w] : [n, channels, b, b, h, w];
  const perm = blockFirst ? [0, 3, 4, 1, 5, 2] : [0, 1, 4, 2, 5, 3];
  const turned = node.scope.transpose(node.scope.reshape(node.value(0), parts), perm);
  return node.scope.reshape(turned, [n, channels, multiplySizes(h, b), multiplySizes(w, b)]);
});

const spaceToDepth = single((node) => {
  const [n, c, h, w] = node.dims(0).map((d, i) => (i === 0 ? d : knownSize(d, 'A size'))) as [
    Size,
    number,
    number,
    number,
  ];
  const b = node.int('blocksize', 1);
  const split = node.scope.reshape(node.value(0), [n, c, h / b, b, w / b, b]);
  return node.scope.reshape(node.scope.transpose(split, [0, 3, 5, 1, 2, 4]), [n, c * b * b, h / b, w / b]);
});

export const layout: Readonly<Record<string, Handler>> = {
  Reshape: reshape,
  Flatten: flatten,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Transpose: transpose,
  Concat: concat,
  Slice: slice,
  Split: split,
  Expand: expand,
  Pad: pad,
  Tile: tile,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
};
