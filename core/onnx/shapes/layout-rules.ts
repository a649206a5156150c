/** Shape rules of operators that arrange, cut and look up elements. */
import type { Dim } from '../model.ts';
import { couldEqual, type Inferred, mapDims, narrower, productOfDims, showDims } from './inferred.ts';
import { MOST_ELEMENTS, ofTensor } from './model-rules.ts';
import { MANY, type Rule, type RuleNode, type Schema, schema } from './rule.ts';

const typed = (node: RuleNode, dims: Inferred['dims'], elements?: readonly Dim[]): Inferred[] => [
  { type: node.input(0).type, dims, ...(elements ? { elements } : {}) },
];

const shape: Rule = (node) => {
  const { dims } = node.input(0);
  if (!dims) return [{ type: 'int64', dims: [null] }];
  const at = (v: number): number => Math.min(Math.max(v < 0 ? v + dims.length : v, 0), dims.length);
  const elements = dims.slice(at(node.int('start', 0)), at(node.int('end', dims.length)));
  return [{ type: 'int64', dims: [elements.length], elements }];
};

const reshape: Rule = (node) => {
  const { dims, elements } = node.input(0);
  const target = node.input(1);
  if (!target.elements) {
    const rank = target.dims?.[0];
    return typed(
      node,
      typeof rank === 'number' && rank >= 0 && rank <= MOST_ELEMENTS ? new Array<null>(rank).fill(null) : null,
    );
  }
  const zeros = node.int('allowzero', 0) === 1;
  const kept = target.elements.map((d, i) => (d === 0 && !zeros ? (dims?.[i] ?? null) : d));
  const open = kept.filter((d) => d === -1).length;
  if (open > 1) node.failInput(1, 'at most one -1');
  const total = dims ? productOfDims(dims) : null;
  const others = productOfDims(kept.filter((d) => d !== -1));
  if (typeof total === 'number' && typeof others === 'number') {
    const fits = open === 1 ? others !== 0 && total % others === 0 : total === others;
    if (!fits)
      node.fail(
        `input 1, ${node.node.inputs[1]},`,
        `a shape of the ${total} elements of ${showDims(dims)}`,
        showDims(kept),
      );
    return typed(
      node,
      kept.map((d) => (d === -1 ? total / others : d)),
      elements,
    );
  }
  return typed(
    node,
    kept.map((d) => (d === -1 ? (others === 1 ? total : null) : d)),
    elements,
  );
};

const flatten: Rule = (node) => {
  const { dims } = node.input(0);
  if (!dims) return typed(node, [null, null]);
  const axis = node.axis(node.int('axis', 1), dims.length + 1);
  return typed(node, [productOfDims(dims.slice(0, axis)), productOfDims(dims.slice(axis))]);
};

const squeeze: Rule = (node) => {
  const { dims, elements } = node.input(0);
  const axes = node.list('axes', 1);
  if (!dims || (node.has(1) && !axes)) return typed(node, null);
  const gone = axes?.map((a) => node.axis(a, dims.length, 'an axis'));
  for (const axis of gone ?? []) {
    if (!couldEqual(dims[axis]!, 1)) node.failInput(0, `size 1 on axis ${axis}`);
  }
  if (!gone && dims.some((d) => typeof d !== 'number')) return typed(node, null);
  return typed(
    node,
    dims.filter((d, i) => (gone ? !gone.includes(i) : d !== 1)),
    elements,
  );
};

const unsqueeze: Rule = (node) => {
  const { dims, elements } = node.input(0);
  const axes = node.list('axes', 1);
  if (!dims || !axes) return typed(node, null);
  const rank = dims.length + axes.length;
  const added = axes.map((a) => node.axis(a, rank, 'an axis'));
  const rest = [...dims];
  return typed(
    node,
    Array.from({ length: rank }, (_, i) => (added.includes(i) ? 1 : rest.shift()!)),
    elements,
  );
};

const transpose: Rule = (node) => {
  const { dims } = node.input(0);
  if (!dims) return typed(node, null);
  const perm = node.ints('perm') ?? dims.map((_, i) => dims.length - 1 - i);
  if (perm.length !== dims.length || [...perm].sort((a, b) => a - b).some((p, i) => p !== i)) {
    node.fail('attribute perm', `a permutation of the axes of ${showDims(dims)}`, showDims(perm));
  }
  return typed(
    node,
    perm.map((p) => dims[p]!),
  );
};

const concat: Rule = (node) => {
  const first = node.input(0);
  const all = node.inputs.map((v) => v.dims);
  if (!first.dims || all.some((d) => d === null)) return typed(node, null);
  const axis = node.axis(node.int('axis', 0), first.dims.length);
  const dims = [...first.dims];
  let length: Dim = 0;
  all.forEach((other, i) => {
    if (other!.length !== dims.length) node.failInput(i, `rank ${dims.length}`);
    other!.forEach((d, k) => {
      if (k === axis) length = typeof d === 'number' && typeof length === 'number' ? length + d : null;
      else if (!couldEqual(d, dims[k]!)) node.failInput(i, `the sizes of ${showDims(first.dims)} but for axis ${axis}`);
      else dims[k] = narrower(dims[k]!, d);
    });
  });
  dims[axis] = length;
  const elements = node.inputs.map((v) => v.elements);
  const isList = dims.length === 1 && typeof dims[0] === 'number' && dims[0] <= MOST_ELEMENTS;
  return typed(node, dims, isList && elements.every((e) => e !== undefined) ? elements.flat() : undefined);
};

const split: Rule = (node) => {
  const { dims } = node.input(0);
  const count = node.node.outputs.length;
  const { type } = node.input(0);
  if (!dims) return Array.from({ length: count }, () => ({ type, dims: null }));
  const axis = node.axis(node.int('axis', 0), dims.length);
  const size = dims[axis];
  const lengths = node.list('split', 1);
  if (lengths && lengths.length !== count) node.fail('input 1', `${count} lengths`, String(lengths.length));
  if (lengths && typeof size === 'number' && lengths.reduce((a, b) => a + b, 0) !== size) {
    node.fail('the lengths', `a sum of ${size}`, lengths.join(' + '));
  }
  const each = typeof size === 'number' ? Math.ceil(size / count) : null;
  const even = (i: number): Dim => (each === null ? null : Math.min(each, (size as number) - i * each));
  return Array.from({ length: count }, (_, i) => {
    const length = lengths ? lengths[i]! : node.has(1) ? null : even(i);
    return { type, dims: dims.map((d, k) => (k === axis ? length : d)) };
  });
};

const slice: Rule = (node) => {
  const { dims, elements } = node.input(0);
  const [starts, ends] = [node.list('starts', 1), node.list('ends', 2)];
  if (!dims) return typed(node, null);
  const axes = node.list('axes', 3) ?? (node.has(3) ? null : starts?.map((_, i) => i));
  const steps = node.list('steps', 4) ?? (node.has(4) ? null : starts?.map(() => 1));
  if (!axes)
    return typed(
      node,
      dims.map(() => null),
    );
  const cut = [...dims];
  let kept = elements;
  axes.forEach((given, i) => {
    const axis = node.axis(given, dims.length, 'an axis');
    const size = dims[axis];
    const [start, end, step] = [starts?.[i], ends?.[i], steps?.[i]];
    if (start === undefined || end === undefined || step === undefined || step === 0) cut[axis] = null;
    else if (start === 0 && step === 1 && end > 2 ** 30) return;
    else if (typeof size !== 'number') cut[axis] = null;
    else {
      const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
      const bound = (v: number): number => Math.min(Math.max(v < 0 ? v + size : v, low), high);
      cut[axis] = Math.max(0, Math.ceil((bound(end) - bound(start)) / step));
      kept = step === 1 && dims.length === 1 ? kept?.slice(bound(start), bound(end)) : undefined;
      return;
    }
    kept = undefined;
  });
  return typed(node, cut, kept);
};

const gather: Rule = (node) => {
  const [data, indices] = [node.input(0), node.input(1)];
  node.typed(1, ['int64', 'int32'], 'indices');
  if (!data.dims || !indices.dims) return typed(node, null);
  const axis = node.axis(node.int('axis', 0), data.dims.length);
  const dims = [...data.dims.slice(0, axis), ...indices.dims, ...data.dims.slice(axis + 1)];
  const taken = indices.elements?.map((p) => (typeof p === 'number' ? (data.elements?.at(p) ?? null) : null));
  return typed(node, dims, data.elements && data.dims.length === 1 ? taken : undefined);
};

const expand: Rule = (node) => {
  const { dims } = node.input(0);
  const target = node.input(1).elements;
  if (!dims || !target) return typed(node, null);
  const rank = Math.max(dims.length, target.length);
  const pad = (d: readonly Dim[]): Dim[] => [...new Array<Dim>(rank - d.length).fill(1), ...d];
  const [own, wanted] = [pad(dims), pad(target)];
  return typed(
    node,
    own.map((d, i) => {
      const w = wanted[i]!;
      if (d === 1) return w;
      if (typeof d === 'number' && typeof w === 'number' && w !== 1 && d !== w)
        node.failInput(0, `a shape that repeats up to ${showDims(target)}`);
      return w === 1 || d === w ? d : narrower(d, w);
    }),
  );
};

const pad: Rule = (node) => {
  const { dims } = node.input(0);
  const pads = node.list('pads', 1);
  if (!dims || !pads || node.has(3))
    return typed(
      node,
      mapDims(dims, () => null),
    );
  if (pads.length !== 2 * dims.length) node.fail('the padding', `${2 * dims.length} numbers`, String(pads.length));
  return typed(
    node,
    dims.map((d, i) =>
      typeof d === 'number' ? d + pads[i]! + pads[dims.length + i]! : pads[i] || pads[dims.length + i] ? null : d,
    ),
  );
};

const tile: Rule = (node) => {
  const { dims } = node.input(0);
  const repeats = node.input(1).elements;
  return typed(
    node,
    mapDims(dims, (d, i) => (repeats ? productOfDims([d, repeats[i] ?? null]) : null)),
  );
};

const constantOfShape: Rule = (node) => {
  const attribute = node.node.attributes.value;
  const { elements, dims } = node.input(0);
  const rank = dims?.[0];
  const open = typeof rank === 'number' && rank >= 0 && rank <= MOST_ELEMENTS ? new Array<null>(rank).fill(null) : null;
  const value = attribute?.kind === 'tensor' ? ofTensor(attribute.value) : { type: 'float32' as const };
  const [length] = elements ?? [];
  const filled =
    elements?.length === 1 &&
    typeof length === 'number' &&
    length >= 0 &&
    length <= MOST_ELEMENTS &&
    'elements' in value;
  const list = filled ? { elements: new Array<Dim>(length).fill(value.elements?.[0] ?? null) } : {};
  return [{ type: value.type, dims: elements ?? open, ...list }];
};

const range: Rule = (node) => {
  const ends = [0, 1, 2].map((i) => node.input(i).elements?.[0]);
  const [start, limit, delta] = ends;
  const known = typeof start === 'number' && typeof limit === 'number' && typeof delta === 'number' && delta !== 0;
  return [{ type: node.input(0).type, dims: [known ? Math.max(0, Math.ceil((limit - start) / delta)) : null] }];
};

/** Block moves between channels and places. */
const blocks =
  (toSpace: boolean): Rule =>
  (node) => {
    const { dims } = node.ranked(0, 4, 'images');
    if (!dims) return typed(node, null);
    const b = node.int('blocksize', 1);
    const [n, c, h, w] = dims as [Dim, Dim, Dim, Dim];
    const by = (d: Dim, factor: number): Dim => (typeof d === 'number' ? d * factor : null);
    const [wide, deep] = toSpace ? [b, 1 / (b * b)] : [1 / b, b * b];
    return typed(node, [n, by(c, deep), by(h, wide), by(w, wide)]);
  };

const oneHot: Rule = (node) => {
  const { dims } = node.input(0);
  const depth = node.input(1).elements?.[0] ?? null;
  if (!dims) return [{ type: node.input(2).type, dims: null }];
  const axis = node.axis(node.int('axis', -1), dims.length + 1);
  return [{ type: node.input(2).type, dims: [...dims.slice(0, axis), depth, ...dims.slice(axis)] }];
};

const scatter: Rule = (node) => {
  if (node.input(0).type) node.typed(2, [node.input(0).type!], 'updates');
  return typed(node, node.input(0).dims);
};

export const layoutRules: readonly [string, Schema][] = [
  ['Shape', schema(shape)],
  ['Size', schema(() => [{ type: 'int64', dims: [] }])],
  ['Reshape', schema(reshape, 2)],
  ['Flatten', schema(flatten)],
  ['Squeeze', schema(squeeze, [1, 2])],
  ['Unsqueeze', schema(unsqueeze, [1, 2])],
  ['Transpose', schema(transpose)],
  ['Concat', schema(concat, [1, MANY])],
  ['Split', schema(split, [1, 2], [1, MANY])],
  ['Slice', schema(slice, [1, 5])],
  ['Gather', schema(gather, 2)],
  ['GatherElements', schema((node) => typed(node, node.input(1).dims), 2)],
  ['ScatterElements', schema(scatter, 3)],
  ['ScatterND', schema(scatter, 3)],
  ['Expand', schema(expand, 2)],
  ['Pad', schema(pad, [1, 4])],
  ['Tile', schema(tile, 2)],
  ['ConstantOfShape', schema(constantOfShape)],
  ['Range', schema(range, 3)],
  ['DepthToSpace', schema(blocks(true))],
  ['SpaceToDepth', schema(blocks(false))],
  ['OneHot', schema(oneHot, 3)],
];
