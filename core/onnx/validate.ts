/** Whether a model holds together: names, arities, types, shapes. */
import type { Graph, Model, Node, ValueInfo } from './model.ts';
import { inferShapes, schemaOf } from './shapes/infer.ts';
import { couldEqual, type Inferred, showInferred } from './shapes/inferred.ts';
import type { Problem } from './shapes/rule.ts';
import { OnnxError } from './wire.ts';

/** Everything that is found wrong with `model`, in file order; empty where nothing is. */
export function validateModel(model: Model): Problem[] {
  const problems = structureOf(model);
  // Shapes of a graph whose names do not resolve would only repeat what is wrong.
  if (problems.length > 0) return problems;
  const { values, problems: misfits } = inferShapes(model);
  return [...misfits, ...declaredOutputs(model.graph, values)];
}

/** A problem as a sentence. */
export function showProblem({ node, op, place, expected, found }: Problem): string {
  const where = [node === '' ? '' : `Node ${node} (${op})`, place].filter((part) => part !== '').join(': ');
  return `${where === '' ? 'The graph' : where} should be ${expected}, but is ${found}.`;
}

const MOST_SHOWN = 5;

/** Throws an OnnxError that lists what is wrong, where anything is. */
export function checkModel(model: Model): void {
  const problems = validateModel(model);
  if (problems.length === 0) return;
  const more = problems.length > MOST_SHOWN ? [`and ${problems.length - MOST_SHOWN} more`] : [];
  throw new OnnxError([...problems.slice(0, MOST_SHOWN).map(showProblem), ...more].join('\n'));
}

const ofNode = (node: Node, place: string, expected: string, found: string): Problem => ({
  node: node.name || node.outputs[0] || '',
  op: node.op,
  place,
  expected,
  found,
});

const ofGraph = (place: string, expected: string, found: string): Problem => ({
  node: '',
  op: '',
  place,
  expected,
  found,
});

function structureOf({ graph, opsets }: Model): Problem[] {
  const problems: Problem[] = [];

  function arity(node: Node): void {
    const schema = node.domain === '' || node.domain === 'ai.onnx' ? schemaOf(node.op) : undefined;
    for (const kind of ['inputs', 'outputs'] as const) {
      const [least, most] = schema?.[kind] ?? [0, Number.POSITIVE_INFINITY];
      const count = node[kind].length;
      const range = least === most ? String(least) : `${least} to ${most}`;
      if (count < least || count > most) problems.push(ofNode(node, `number of ${kind}`, range, String(count)));
      const left = kind === 'inputs' ? node.inputs.slice(0, least).indexOf('') : -1;
      if (left >= 0) problems.push(ofNode(node, `input ${left}`, 'given', 'left out'));
    }
  }

  function visit(inner: Graph, outer: ReadonlySet<string>): void {
    const known = new Set(outer);
    const define = (name: string, node: Node | null): void => {
      const found = node ? ofNode(node, 'output', 'a new name', name) : ofGraph('an input', 'a new name', name);
      if (known.has(name)) problems.push(found);
      known.add(name);
    };
    for (const name of inner.initializers.keys()) known.add(name);
    for (const { name } of inner.inputs) if (!inner.initializers.has(name)) define(name, null);
    for (const node of inner.nodes) {
      if (!(node.domain in opsets) && !(node.domain === 'ai.onnx' && '' in opsets)) {
        problems.push(ofNode(node, 'operator set', `one that the model states`, node.domain || 'ai.onnx'));
      }
      arity(node);
      node.inputs.forEach((name, i) => {
        if (name !== '' && !known.has(name)) {
          problems.push(ofNode(node, `input ${i}`, 'a value that is there before the node', name));
        }
      });
      for (const attribute of Object.values(node.attributes)) {
        if (attribute.kind === 'graph') visit(attribute.value, known);
      }
      for (const name of node.outputs) if (name !== '') define(name, node);
    }
    for (const { name } of inner.outputs) {
      if (!known.has(name)) problems.push(ofGraph('an output', 'a value that is computed', name));
    }
  }

  visit(graph, new Set());
  return problems;
}

/** Declared outputs that contradict what the graph computes. */
function declaredOutputs(graph: Graph, values: ReadonlyMap<string, Inferred>): Problem[] {
  return graph.outputs.flatMap((output) => {
    const found = values.get(output.name);
    return found && !agrees(output, found)
      ? [ofGraph(`output ${output.name}`, showInferred(found), showInferred(output))]
      : [];
  });
}

function agrees(declared: ValueInfo, found: Inferred): boolean {
  if (found.type !== null && found.type !== declared.type) return false;
  const { dims } = declared;
  if (!dims || !found.dims) return true;
  return dims.length === found.dims.length && dims.every((d, i) => couldEqual(d, found.dims![i]!));
}
