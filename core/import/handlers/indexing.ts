/** Look-ups and sums by index. */
import type { Value } from '../../ir/network.ts';
import type { Size } from '../../ir/shape.ts';
import { elements } from '../fold/layout.ts';
import { activation, type Handler, type NodeReader, single } from '../node-reader.ts';
import type { Index } from '../operand.ts';
import { knownSize, productOf } from '../size.ts';
import { take } from './layout.ts';

/** Places that the file fixes: a single one loses the axis. */
function fixedPlaces(node: NodeReader, axis: number): Value {
  const indices = node.known(1);
  const x = node.value(0);
  const size = knownSize(x.shape[axis + 1], `Axis ${axis}`);
  const places = elements(indices).map((v) => knownSize(v, 'An index'));
  const taken = take(
    node,
    x,
    axis,
    places.map((p) => (p < 0 ? p + size : p)),
  );
  const dims = node.dims(0);
  return node.scope.reshape(taken, [...dims.slice(0, axis), ...indices.dims, ...dims.slice(axis + 1)]);
}

/** Rows of a table by indices that are an input: an embedding, or the ends of edges. */
const gather = single((node) => {
  const axis = node.axis(node.int('axis', 0));
  const index = node.operand(1);
  if (index.kind === 'known') return fixedPlaces(node, axis);
  if (index.kind !== 'index' || index.wrapping)
    return node.refuse('Indices must be an input of whole numbers or fixed in the file.');
  const dims = node.dims(0);
  const rest = dims.filter((_, i) => i !== axis);
  const order = [axis, ...dims.map((_, i) => i).filter((i) => i !== axis)];
  const first = node.scope.transpose(node.value(0), order);
  const table = node.scope.reshape(first, [dims[axis]!, productOf(rest)]);
  const rows = node.apply('gather', [node.scope.perMember(table), index.value]);
  const wide = node.scope.reshape(rows, [...index.repeated, ...rest]);
  const moved = index.repeated.length;
  const back = [...dims.keys()].slice(0, axis).map((i) => moved + i);
  const after = rest.map((_, i) => moved + i).slice(axis);
  return node.scope.transpose(wide, [...back, ...index.repeated.map((_, i) => i), ...after]);
});

/** Whether indices [E, D] say the same for every column: a column [E, 1] repeated. */
const isRepeatedColumn = ({ dims, repeated }: Index): boolean => {
  const columns = dims.slice(1);
  return repeated.length === 2 && dims[0] === repeated[0] && columns.every((d) => d === 1);
};

/** Rows [E, D] added up at their targets: what message passing exports as. */
const scatter: Handler = (node) => {
  const index = node.operand(1);
  const adds = node.text('reduction', 'none') === 'add' && node.axis(node.int('axis', 0)) === 0;
  if (!adds || index.kind !== 'index' || index.wrapping || !isRepeatedColumn(index)) {
    return node.refuse('Only sums of whole rows along the first axis, by indices that are an input, are supported.');
  }
  const rows: Size = node.dims(0)[0]!;
  const updates = node.scope.perMember(node.value(2));
  const sum = node.apply('scatter-add', [updates, index.value], { rows: knownSize(rows, 'The number of rows') });
  const start = node.operand(0);
  const zero = start.kind === 'known' && start.data.every((v) => v === 0);
  return [activation(zero ? sum : node.apply('add', [node.value(0), sum]))];
};

export const indexing: Readonly<Record<string, Handler>> = { Gather: gather, ScatterElements: scatter };
