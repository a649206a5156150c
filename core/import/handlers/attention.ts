/** Attention as one operator, which exporters write from operator set 23 on. */
import type { Value } from '../../ir/network.ts';
import type { Size } from '../../ir/shape.ts';
import { attention as composed } from '../../layers/attention.ts';
import { activation, type Handler, type NodeReader } from '../node-reader.ts';
import { type Known, known } from '../operand.ts';
import { knownSize } from '../size.ts';

/** Added to a score that must not count; exp of it is 0 in float32. */
const HIDDEN = -1e30;

/** Input `i` as [rows, heads, steps, width]; one of rank 3 has its heads side by side. */
function perHead(node: NodeReader, i: number, attribute: string): Value {
  if (node.rank(i) === 4) return node.value(i);
  const [rows, steps, wide] = node.dims(i) as [Size, Size, Size];
  const heads = node.int(attribute, 0);
  const width = knownSize(wide, 'The width of attention') / heads;
  const split = node.scope.reshape(node.value(i), [rows, steps, heads, width]);
  return node.scope.transpose(split, [0, 2, 1, 3]);
}

/** Zeros on and below the diagonal of scores [T, S], a large negative number above. */
function causalBias(node: NodeReader, q: Value, k: Value): Value {
  const [rows, columns] = [q, k].map((v) => knownSize(v.shape.at(-2), 'The number of steps')) as [number, number];
  const values = Array.from({ length: rows * columns }, (_, i) => (i % columns > Math.floor(i / columns) ? HIDDEN : 0));
  return node.scope.value(known('float', [1, 1, rows, columns], values));
}

/** A mask as what is added to the scores: truth values say which positions count. */
function maskBias(node: NodeReader): Value {
  const mask = node.operand(3);
  if (mask.kind !== 'known') return node.value(3, 4);
  const hidden = (value: Size): Size =>
    mask.type === 'bool' ? (value === 0 ? HIDDEN : 0) : Math.max(Number(value), HIDDEN);
  const bias: Known = { ...mask, type: 'float', data: mask.data.map(hidden) };
  return node.scope.value(bias, 4);
}

const attention: Handler = (node) => {
  if (node.has(4) || node.has(5)) node.refuse('Keys and values of earlier steps are not supported.');
  if (node.float('softcap', 0) !== 0) node.refuse('A cap on scores is not supported.');
  const q = perHead(node, 0, 'q_num_heads');
  const [k, v] = [perHead(node, 1, 'kv_num_heads'), perHead(node, 2, 'kv_num_heads')];
  if (q.shape[2] !== k.shape[2]) node.refuse(`${q.shape[2]} heads of queries do not go with ${k.shape[2]} of keys.`);
  const biases = [
    ...(node.int('is_causal', 0) === 1 ? [causalBias(node, q, k)] : []),
    ...(node.has(3) ? [maskBias(node)] : []),
  ];
  const bias = biases.length === 2 ? node.apply('add', biases) : biases[0];
  const width = knownSize(q.shape.at(-1), 'The width of a head');
  const factor = node.float('scale', 0) * Math.sqrt(width);
  const scaled = factor === 0 ? q : node.apply('scale', [q], { factor });
  const y = composed(node.scope.net, scaled, k, v, bias ? { bias } : {});
  if (node.rank(0) === 4) return [activation(y)];
  const [rows, heads, steps, wide] = y.shape.slice(1) as [Size, number, Size, number];
  return [activation(node.scope.reshape(node.scope.transpose(y, [0, 2, 1, 3]), [rows, steps, heads * wide]))];
};

export const attentions: Readonly<Record<string, Handler>> = { Attention: attention };
