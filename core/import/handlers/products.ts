/** Matrix products. */
import type { Value } from '../../ir/network.ts';
import { type Handler, type NodeReader, single } from '../node-reader.ts';
import { transposeWeight } from '../parameters.ts';
import { productOf } from '../size.ts';

/** Both operands over the last two axes; vectors are rows on the left, columns on the right. */
const matmul = single((node) => {
  const [a, b] = [node.rank(0), node.rank(1)];
  if (a < 1 || b < 1) return node.refuse('A number is no matrix.');
  const rank = Math.max(a, b, 2);
  const left = node.value(0, rank);
  let right = node.value(1, rank);
  if (b === 1) right = node.scope.reshape(right, [...new Array<number>(rank - 2).fill(1), ...node.dims(1), 1]);
  const product = node.apply('matmul', [left, right]);
  const dims = product.shape.slice(1);
  const kept = dims.filter((_, i) => !(a === 1 && i === rank - 2) && !(b === 1 && i === rank - 1));
  return node.scope.reshape(product, kept);
});

/** Input `i` as a matrix, turned where `turned`; a weight that only this node reads is turned at import. */
function matrix(node: NodeReader, i: number, turned: boolean): Value {
  const operand = node.operand(i);
  if (!turned) return node.value(i);
  if (operand.kind === 'weight' && !operand.shared) return node.scope.value(transposeWeight(operand, [1, 0]));
  return node.scope.transpose(node.value(i), [1, 0]);
}

/** alpha · a · b + beta · c. */
const gemm = single((node) => {
  const [alpha, beta] = [node.float('alpha', 1), node.float('beta', 1)];
  const product = node.apply('matmul', [
    matrix(node, 0, node.int('transA', 0) === 1),
    matrix(node, 1, node.int('transB', 0) === 1),
  ]);
  const scaled = (x: Value, factor: number): Value => (factor === 1 ? x : node.apply('scale', [x], { factor }));
  if (!node.has(2) || beta === 0) return scaled(product, alpha);
  return node.apply('add', [scaled(product, alpha), scaled(node.value(2, 2), beta)]);
});

/** Labels of both operands and of the result; refuses what is no single product. */
function readEquation(node: NodeReader): [string[], string[], string[]] {
  const equation = node.text('equation', '').replaceAll(' ', '');
  const [left, result] = equation.split('->');
  const operands = (left ?? '').split(',');
  const plain = result !== undefined && operands.length === 2 && !equation.includes('.');
  const labels = [...operands, result ?? ''].map((l) => [...l]);
  if (!plain || labels.some((l) => new Set(l).size !== l.length))
    node.refuse(`${equation} is no product of two operands.`);
  return labels as [string[], string[], string[]];
}

/** A product of two operands by labels: both permuted to [shared, own, summed], multiplied, permuted back. */
const einsum = single((node) => {
  const [a, b, result] = readEquation(node);
  const shared = a.filter((l) => b.includes(l) && result.includes(l));
  const summed = a.filter((l) => b.includes(l) && !result.includes(l));
  const own = (labels: string[], other: string[]): string[] => labels.filter((l) => !other.includes(l));
  const [ownA, ownB] = [own(a, b), own(b, a)];
  if ([...ownA, ...ownB].some((l) => !result.includes(l))) node.refuse('A label of one operand alone is summed.');
  const size = (l: string) => (a.includes(l) ? node.dims(0)[a.indexOf(l)]! : node.dims(1)[b.indexOf(l)]!);
  const count = (labels: string[]) => productOf(labels.map(size));
  const arranged = (i: number, labels: string[], groups: string[][]): Value => {
    const turned = node.scope.transpose(
      node.value(i),
      groups.flat().map((l) => labels.indexOf(l)),
    );
    return node.scope.reshape(turned, [...shared.map(size), ...groups.slice(1).map(count)]);
  };
  const product = node.apply('matmul', [
    arranged(0, a, [shared, ownA, summed]),
    arranged(1, b, [shared, summed, ownB]),
  ]);
  const order = [...shared, ...ownA, ...ownB];
  return node.scope.transpose(
    node.scope.reshape(product, order.map(size)),
    result.map((l) => order.indexOf(l)),
  );
});

export const products: Readonly<Record<string, Handler>> = { MatMul: matmul, Gemm: gemm, Einsum: einsum };
