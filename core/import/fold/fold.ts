/** Nodes whose inputs the file fixes: computed at import, so that shapes and masks are numbers. */

import { broadcast, type Size } from '../../ir/shape.ts';
import { toFloat32 } from '../../onnx/half.ts';
import type { FileTensor } from '../../onnx/model.ts';
import { ImportError } from '../import-error.ts';
import type { NodeReader } from '../node-reader.ts';
import { dimsOf, intsOf, type Known, type KnownType, known, type Operand } from '../operand.ts';
import { knownSize, productOf, span } from '../size.ts';
import { castKnown, foldElements } from './elements.ts';
import { concatKnown, elements, scatterKnown, takeKnown, transposeKnown, triangleKnown } from './layout.ts';
import { resolveShape, withAxes } from './shape.ts';
import { slicePlaces } from './slice.ts';

/** Numbers of a tensor of the file. Throws an ImportError for strings. */
export function knownTensor(tensor: FileTensor): Known {
  const { type, dims, data } = tensor;
  if (type === 'string') throw new ImportError('Strings cannot be computed with.');
  const floats = toFloat32(tensor);
  if (floats) return filled('float', dims, Array.from(type === 'float64' ? (data as Float64Array) : floats));
  return filled(type === 'bool' ? 'bool' : 'int', dims, Array.from(data as ArrayLike<number | bigint>, Number));
}

/** Equal numbers as one that fills the shape: such a tensor can be repeated for rows that are not known. */
function filled(type: KnownType, dims: readonly number[], data: readonly number[]): Known {
  const [first] = data;
  return known(type, dims, first !== undefined && data.every((v) => v === first) ? [first] : data);
}

type Fold = (node: NodeReader, inputs: readonly Known[]) => Known | readonly Known[];

const shifted = (node: NodeReader, axes: readonly number[] | null, rank: number): number[] =>
  (axes ?? []).map((a) => node.axis(a, rank));

const reduce =
  (combine: (a: Size, b: Size) => Size): Fold =>
  (node, [x]) => {
    const axes = node.intsAt('axes', 1);
    const all = axes === null || axes.length === x!.dims.length;
    if (!all) node.refuse('Fixed numbers are only reduced over all axes.');
    const kept = node.int('keepdims', 1) === 1 ? x!.dims.map(() => 1) : [];
    return known(x!.type, kept, [elements(x!).reduce(combine)]);
  };

const numeric = (f: (a: number, b: number) => number) => (a: Size, b: Size) => f(Number(a), Number(b));

const folds: Readonly<Record<string, Fold>> = {
  Identity: (_, [x]) => x!,
  Cast: (node, [x]) => castKnown(x!, node.int('to', 1)),
  Reshape: (node, [x, shape]) => ({
    ...x!,
    dims: resolveShape(x!.dims, elements(shape!), node.int('allowzero', 0) === 1),
  }),
  Flatten: (node, [x]) => {
    const axis = node.axis(node.int('axis', 1), x!.dims.length + 1);
    return { ...x!, dims: [productOf(x!.dims.slice(0, axis)), productOf(x!.dims.slice(axis))] };
  },
  Squeeze: (node, [x]) => {
    const axes = node.intsAt('axes', 1);
    const gone = axes ? shifted(node, axes, x!.dims.length) : x!.dims.flatMap((d, i) => (d === 1 ? [i] : []));
    return { ...x!, dims: x!.dims.filter((_, i) => !gone.includes(i)) };
  },
  Unsqueeze: (node, [x]) => {
    const axes = node.intsAt('axes', 1) ?? [];
    return { ...x!, dims: withAxes(x!.dims, shifted(node, axes, x!.dims.length + axes.length)) };
  },
  Transpose: (node, [x]) => transposeKnown(x!, node.ints('perm') ?? x!.dims.map((_, i) => x!.dims.length - 1 - i)),
  Concat: (node, inputs) => concatKnown(inputs, node.axis(node.int('axis', 0))),
  Gather: (node, [x, indices]) => {
    const axis = node.axis(node.int('axis', 0));
    const taken = takeKnown(x!, axis, elements(indices!).map(Number));
    return { ...taken, dims: [...x!.dims.slice(0, axis), ...indices!.dims, ...x!.dims.slice(axis + 1)] };
  },
  Slice: (node, [x]) =>
    slicePlaces(node, x!.dims).reduce<Known>((part, { axis, places }) => takeKnown(part, axis, places), x!),
  Expand: (_, [x, shape]) => {
    const target = broadcast(x!.dims, elements(shape!));
    if (x!.data.length === 1) return { ...x!, dims: target };
    return foldElements('Add', [x!, known(x!.type, target, [0])])!;
  },
  Tile: (_, [x, repeats]) =>
    elements(repeats!).reduce<Known>(
      (part, n, axis) =>
        concatKnown(
          span(0, Number(n)).map(() => part),
          axis,
        ),
      x!,
    ),
  Range: (_, [start, limit, delta]) => {
    const [from, to, step] = [start!, limit!, delta!].map((v) => knownSize(v.data[0], 'An end of a range')) as [
      number,
      number,
      number,
    ];
    const count = Math.max(0, Math.ceil((to - from) / step));
    return { ...intsOf(span(0, count).map((i) => from + i * step)), type: start!.type };
  },
  ConstantOfShape: (node, [shape]) => {
    const attribute = node.node.attributes.value;
    const value = attribute?.kind === 'tensor' ? knownTensor(attribute.value) : known('float', [], [0]);
    return { ...value, dims: elements(shape!) };
  },
  ScatterND: (node, [x, indices, updates]) => {
    if (node.text('reduction', 'none') !== 'none') node.refuse('Fixed numbers are replaced, not reduced.');
    return scatterKnown(x!, indices!, updates!);
  },
  Trilu: (node, [x, k]) => triangleKnown(x!, node.int('upper', 1) === 1, Number(k?.data[0] ?? 0)),
  ReduceProd: (node, [x]) => known(x!.type, node.int('keepdims', 1) === 1 ? [1] : [], [productOf(elements(x!))]),
  ReduceSum: reduce(numeric((a, b) => a + b)),
  ReduceMax: reduce(numeric(Math.max)),
  ReduceMin: reduce(numeric(Math.min)),
  CumSum: (node, [x]) => {
    if (x!.dims.length !== 1) node.refuse('Fixed numbers are only summed up along one axis.');
    let sum = 0;
    return known(
      x!.type,
      x!.dims,
      elements(x!).map((v) => {
        sum += Number(v);
        return sum;
      }),
    );
  },
  Split: (node, [x]) => {
    const axis = node.axis(node.int('axis', 0));
    const size = knownSize(x!.dims[axis], 'A size');
    const parts = node.intsAt('split', 1) ?? evenParts(size, node.node.outputs.length);
    let start = 0;
    return parts.map((length) => {
      const places = span(start, length);
      start += length;
      return takeKnown(x!, axis, places);
    });
  },
};

/** `size` in `count` parts, the last one smaller where it does not divide. */
export function evenParts(size: number, count: number): number[] {
  const each = Math.ceil(size / count);
  return Array.from({ length: count }, (_, i) => Math.min(each, size - i * each));
}

/** `Constant` in its various attributes. */
function constantNode(node: NodeReader): Known {
  const { value, value_float, value_int, value_floats, value_ints } = node.node.attributes;
  if (value?.kind === 'tensor') return knownTensor(value.value);
  if (value_float?.kind === 'float') return known('float', [], [value_float.value]);
  if (value_int?.kind === 'int') return known('int', [], [Number(value_int.value)]);
  if (value_floats?.kind === 'floats')
    return known('float', [value_floats.value.length], Array.from(value_floats.value));
  if (value_ints?.kind === 'ints') return intsOf(Array.from(value_ints.value, Number));
  return node.refuse('Only numbers are supported as constants.');
}

function shapeNode(node: NodeReader): Known {
  const dims = dimsOf(node.operand(0));
  if (node.node.op === 'Size') return known('int', [], [productOf(dims)]);
  const at = (v: number): number => (v < 0 ? v + dims.length : v);
  return intsOf(dims.slice(at(node.int('start', 0)), at(node.int('end', dims.length))));
}

/** The node's outputs where the file fixes them, else null. */
export function foldNode(node: NodeReader): readonly Operand[] | null {
  const { op } = node.node;
  if (op === 'Constant') return [constantNode(node)];
  if (op === 'Shape' || op === 'Size') return [shapeNode(node)];
  const inputs: Known[] = [];
  for (let i = 0; i < node.node.inputs.length; i++) {
    if (!node.has(i)) continue;
    const operand = node.operand(i);
    if (operand.kind !== 'known') return null;
    inputs.push(operand);
  }
  if (inputs.length === 0) return null;
  const plain = foldElements(op, inputs);
  if (plain) return [plain];
  const fold = folds[op];
  if (!fold) return null;
  const result = fold(node, inputs);
  const outputs: readonly Known[] = Array.isArray(result) ? result : [result as Known];
  // An index, axis or length beyond what there is reads as undefined, which no later check would name so well.
  if (outputs.some(({ dims, data }) => [dims, data].some((list) => (list as readonly unknown[]).includes(undefined)))) {
    node.refuse('It reads beyond the end of its fixed inputs.');
  }
  return outputs;
}
