/** Where values lie while a graph is emitted: in which layout each operator reads and writes, and conversions between. */
import type { Emitter } from '../ops/emitter.ts';
import type { Attributes, Emitted, Layout, Layouts, Operator } from '../ops/operator.ts';
import { type Shape, sizes } from './shape.ts';

/** A value's name in the graph, and how it lies. */
export interface Held {
  readonly name: string;
  readonly layout: Layout;
}

/** A value with its shape in the network. */
type Operand = Held & { readonly shape: Shape };

/** The layouts in which `operator` works: plain, unless the graph may use blocked kernels and the operator has them. */
export function chooseLayouts(
  emitter: Emitter,
  operator: Operator,
  operands: readonly Operand[],
  output: Shape,
  attributes: Attributes,
): Layouts {
  const chosen = emitter.blocks && operator.layouts?.(emitter.blocks.size, operands, output, attributes);
  return chosen ?? { inputs: operands.map(() => 'plain'), output: 'plain' };
}

/** `value` in `layout`. `result` is the shape of what is computed with it, over whose places channels are spread. */
export function inLayout(emitter: Emitter, value: Operand, layout: Layout, result: Shape): Emitted {
  const { name, shape } = value;
  if (value.layout === layout) return { name, shape, layout };
  const blocks = blocksOf(emitter);
  if (layout === 'blocked') return { name: blocks.toBlocked(name, shape), shape, layout };
  if (layout === 'plain') return { name: blocks.toPlain(name, shape), shape, layout };
  const plain = inLayout(emitter, value, 'plain', result);
  const size = sizes(result.slice(3));
  return { name: blocks.spread(plain.name, shape, size), shape: [...shape.slice(0, 3), ...size], layout };
}

/** The gradient `name` of an operand that was read as `read`, for the operand itself, which has shape `own`. */
export function ofLayout(emitter: Emitter, name: string, read: Emitted, own: Shape): Held {
  const { layout = 'plain' } = read;
  if (layout !== 'spread') return { name, layout };
  const sum = blocksOf(emitter).sumPlaces(name, read.shape);
  return { name: emitter.reshape(sum, own), layout: 'plain' };
}

/** The sum of two gradients of one value; where they lie differently, in blocks. */
export function add(emitter: Emitter, a: Held, b: Held, shape: Shape): Held {
  const layout = a.layout === b.layout ? a.layout : 'blocked';
  const [left, right] = [a, b].map((held) => inLayout(emitter, { ...held, shape }, layout, shape).name);
  return { name: emitter.add(left!, right!), layout };
}

function blocksOf(emitter: Emitter) {
  if (!emitter.blocks) throw new TypeError('A value lies in blocks in a graph that may not use them.');
  return emitter.blocks;
}
