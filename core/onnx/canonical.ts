/**
 * A text of what a graph computes that does not depend on value names, node order, unused nodes, or on whether a number is
 * an initialiser or a Constant, and its hash. Two graphs with equal text compute the same function of their inputs (by
 * position) into their outputs (by position), under the same operator sets.
 */
import { sha256Hex } from '../math/sha256.ts';
import type { Attribute, FileTensor, Graph, Model, Node, ValueInfo } from './model.ts';
import { encodeUtf8 } from './utf8.ts';
import { OnnxError } from './wire.ts';

/** Operators whose every occurrence is a draw of its own; draws that are equal otherwise are told apart by their order. */
const RANDOM = new Set([
  'RandomUniform',
  'RandomNormal',
  'RandomUniformLike',
  'RandomNormalLike',
  'Bernoulli',
  'Multinomial',
  'Dropout',
]);

interface Line {
  readonly text: string;
  readonly reads: readonly string[];
}

type Env = ReadonlyMap<string, string>;

const digest = (text: string): string => sha256Hex(encodeUtf8(text)).slice(0, 32);

/** Canonical text of `graph`: one line per value that an output needs, `hash = operation`, sorted; outputs last. */
export function canonicalText(graph: Graph): string {
  return describeGraph(graph, new Map(), 0);
}

/** SHA-256 of the canonical text, 64 hexadecimal digits. */
export function functionalHash(graph: Graph): string {
  return sha256Hex(encodeUtf8(canonicalText(graph)));
}

/** SHA-256 of the canonical text and the versions of the operator sets that it is to be read by. */
export function modelHash({ graph, opsets }: Pick<Model, 'graph' | 'opsets'>): string {
  const used = new Set<string>();
  const visit = (nodes: readonly Node[]): void => {
    for (const node of nodes) {
      used.add(node.domain);
      for (const a of Object.values(node.attributes)) if (a.kind === 'graph') visit(a.value.nodes);
    }
  };
  visit(graph.nodes);
  const versions = [...used].sort().map((domain) => `${domain || 'ai.onnx'} ${opsets[domain] ?? '?'}`);
  return sha256Hex(encodeUtf8([...versions, canonicalText(graph)].join('\n')));
}

/**
 * What every value of the main graph is, as a key: values with equal keys are equal whatever they are called. Random
 * draws get keys that start with `salt`, so that draws of two graphs are never one.
 */
export function valueKeys(graph: Graph, salt = ''): Env {
  return describeValues(graph, new Map(), 0, salt).env;
}

/** Keys of all values of `graph`, and the line that each key stands for. */
function describeValues(graph: Graph, outer: Env, depth: number, salt = ''): { env: Env; lines: Map<string, Line> } {
  const env = new Map<string, string>(outer);
  const lines = new Map<string, Line>();
  const define = (name: string, text: string, reads: readonly string[]): void => {
    const key = digest(text);
    env.set(name, key);
    lines.set(key, { text, reads });
  };
  // An initialiser may share its name with an input (a default value); the input then stands.
  for (const [name, tensor] of graph.initializers) define(name, `constant ${describeTensor(tensor)}`, []);
  graph.inputs.forEach((input, i) => {
    define(input.name, `input ${depth}.${i} ${describeType(input)}`, []);
  });
  const draws = new Map<string, number>();
  for (const node of graph.nodes) {
    const { value } = node.attributes;
    if (node.op === 'Constant' && node.domain === '' && value?.kind === 'tensor') {
      define(node.outputs[0] ?? '', `constant ${describeTensor(value.value)}`, []);
      continue;
    }
    let text = describeNode(node, env, depth);
    if (node.op === 'Identity' && node.domain === '') {
      env.set(node.outputs[0] ?? '', env.get(node.inputs[0]!)!);
      continue;
    }
    if (RANDOM.has(node.op)) {
      const serial = draws.get(text) ?? 0;
      draws.set(text, serial + 1);
      text = `${salt}${text} draw ${serial}`;
    }
    const reads = [...node.inputs, ...capturedNames(node)].flatMap((name) => env.get(name) ?? []);
    node.outputs.forEach((output, i) => {
      if (output) define(output, `${text} -> ${i}`, reads);
    });
  }
  return { env, lines };
}

function describeGraph(graph: Graph, outer: Env, depth: number): string {
  const { env, lines } = describeValues(graph, outer, depth);
  const outputs = graph.outputs.map((output) => {
    const key = env.get(output.name);
    if (!key) throw new OnnxError(`Output ${output.name} is computed by no node.`);
    return { key, text: `output ${describeType(output)} ${key}` };
  });
  const needed = new Set<string>();
  const queue = outputs.map((o) => o.key);
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    const line = lines.get(key);
    if (needed.has(key) || !line) continue;
    needed.add(key);
    queue.push(...line.reads);
  }
  const body = [...needed].sort().map((key) => `${key} = ${lines.get(key)!.text}`);
  return [...body, ...outputs.map((o) => o.text)].join('\n');
}

function describeNode(node: Node, env: Env, depth: number): string {
  const inputs = node.inputs.map((name) => {
    if (name === '') return '-';
    const key = env.get(name);
    if (!key) throw new OnnxError(`Node ${node.op} reads ${name}, which nothing before it computes.`);
    return key;
  });
  const attributes = Object.entries(node.attributes)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${describeAttribute(value, env, depth)}`);
  return `${node.domain ? `${node.domain}.` : ''}${node.op}(${inputs.join(', ')}) {${attributes.join(', ')}}`;
}

/** Names that subgraphs of `node` read; those the subgraph defines itself are not in the outer environment. */
function capturedNames(node: Node): string[] {
  return Object.values(node.attributes).flatMap((attribute) => {
    if (attribute.kind !== 'graph') return [];
    const { nodes, outputs } = attribute.value;
    return [...nodes.flatMap((n) => [...n.inputs, ...capturedNames(n)]), ...outputs.map((o) => o.name)];
  });
}

function describeAttribute(attribute: Attribute, env: Env, depth: number): string {
  switch (attribute.kind) {
    case 'tensor':
      return describeTensor(attribute.value);
    case 'graph':
      return `graph ${digest(describeGraph(attribute.value, env, depth + 1))}`;
    case 'string':
      return JSON.stringify(attribute.value);
    case 'strings':
      return JSON.stringify(attribute.value);
    case 'float':
      return `${showFloat(attribute.value)}f`;
    case 'floats':
      return `[${Array.from(attribute.value, showFloat).join(' ')}]f`;
    case 'ints':
      return `[${Array.from(attribute.value).join(' ')}]`;
    default:
      return String(attribute.value);
  }
}

const showFloat = (v: number): string => (Object.is(v, -0) ? '-0' : String(Math.fround(v)));

function describeTensor(tensor: FileTensor): string {
  const { data } = tensor;
  const bytes = ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : encodeUtf8(JSON.stringify(data));
  return `${tensor.type}[${tensor.dims.join(',')}] ${sha256Hex(bytes).slice(0, 32)}`;
}

function describeType(value: ValueInfo): string {
  return `${value.type}${value.dims ? `[${value.dims.map((d) => d ?? '?').join(',')}]` : ''}`;
}
