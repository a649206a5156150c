/** How far two exported files are apart: whether their graphs are built alike, and the weight that differs most. */
import type { FileTensor, Graph } from '#core/onnx/model.ts';
import { readModel } from '#core/onnx/read.ts';

type Numbers = ArrayLike<number | bigint>;

/** One plain line; null where graph and weights are equal. */
export function describeGraphDifference(recorded: Uint8Array, rebuilt: Uint8Array): string | null {
  const [a, b] = [readModel(recorded).graph, readModel(rebuilt).graph];
  if (a.nodes.length !== b.nodes.length)
    return `the recorded graph has ${a.nodes.length} nodes, the rebuilt one ${b.nodes.length}`;
  const other = a.nodes.findIndex((node, i) => node.op !== b.nodes[i]!.op || node.name !== b.nodes[i]!.name);
  if (other >= 0)
    return `node ${other + 1} is ${a.nodes[other]!.op} in the recorded graph, ${b.nodes[other]!.op} in the rebuilt one`;
  const theirs = numbersOf(b);
  let worst: { name: string; difference: number } | null = null;
  for (const [name, values] of numbersOf(a)) {
    const again = theirs.get(name);
    if (!again || again.length !== values.length)
      return `${name} holds ${values.length} numbers in the recorded graph, ${again?.length ?? 'none'} in the rebuilt one`;
    const difference = largestDifference(values, again);
    if (difference > (worst?.difference ?? 0)) worst = { name, difference };
  }
  return worst && `the largest weight difference is ${worst.difference.toExponential(2)}, in ${worst.name}`;
}

function numbersOf({ initializers, nodes }: Graph): Map<string, Numbers> {
  const all = new Map<string, Numbers>();
  const add = (name: string, { data, type }: FileTensor) => {
    if (type !== 'string') all.set(name, data as Numbers);
  };
  for (const [name, tensor] of initializers) add(name, tensor);
  nodes.forEach(({ op, outputs, attributes }, i) => {
    for (const [name, attribute] of Object.entries(attributes)) {
      const place = `${name} of node ${i + 1} (${op}, ${outputs[0]})`;
      if (attribute.kind === 'tensor') add(place, attribute.value);
      else if (attribute.kind === 'floats' || attribute.kind === 'ints') all.set(place, attribute.value);
      else if (attribute.kind === 'float' || attribute.kind === 'int') all.set(place, [attribute.value]);
    }
  });
  return all;
}

function largestDifference(a: Numbers, b: Numbers): number {
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    if (Object.is(a[i], b[i])) continue;
    const difference = Math.abs(Number(a[i]) - Number(b[i]));
    // NaN against a number is as far apart as can be.
    largest = Math.max(largest, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference);
  }
  return largest;
}
