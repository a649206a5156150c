/** A lint for training graphs: forms that onnxruntime's CPU provider computes slowly where a faster equivalent exists. */
import type { Graph, Node } from '../onnx/model.ts';

const slow: Readonly<Record<string, string>> = {
  Sign: 'not vectorised: take a difference of two masks',
  Where: 'three passes: multiply by a mask',
  Pow: 'scalar: multiply, or Exp of a scaled Log',
  CumSum: 'scalar: multiply by a triangular matrix',
  Einsum: 'transposes both operands: MatMul',
  ReduceSumSquare: 'generic loop: Mul and ReduceSum',
  ReduceL2: 'generic loop: Mul, ReduceSum and Sqrt',
  MaxUnpool: 'one thread, by element: a mask of equal elements',
  OneHot: 'generator loop: Gather rows of a unit matrix',
  GatherElements: 'by element: Gather whole rows',
};

const ints = (node: Node, name: string): readonly number[] => {
  const attribute = node.attributes[name];
  return attribute?.kind === 'ints' ? Array.from(attribute.value, Number) : [];
};

/**
 * Whether a permutation has a fast kernel: one axis taken out and put in elsewhere, or the last axis left in place, which
 * copies blocks instead of elements.
 */
export function movesFast(perm: readonly number[]): boolean {
  if (perm.at(-1) === perm.length - 1) return true;
  return perm.some((axis) => {
    const rest = perm.filter((p) => p !== axis);
    return rest.every((p, i) => i === 0 || p > rest[i - 1]!);
  });
}

function reasonOf(node: Node): string | null {
  if (node.domain !== '') return null;
  if (node.op === 'MaxPool' && node.outputs.length > 1) return 'indices switch the vectorised kernel off';
  if (node.op === 'Transpose' && !movesFast(ints(node, 'perm'))) return 'moves more than one axis: split it';
  return slow[node.op] ?? null;
}

/** One line per slow node, subgraphs included: the operator and what to do instead. */
export function slowForms(graph: Graph): string[] {
  return graph.nodes.flatMap((node) => {
    const reason = reasonOf(node);
    const inner = Object.values(node.attributes).flatMap((a) => (a.kind === 'graph' ? slowForms(a.value) : []));
    return reason === null ? inner : [`${node.op}: ${reason}`, ...inner];
  });
}
