/** An inference graph from another tool as a trainable network. */
import { type Network, NetworkBuilder, type Value } from '../ir/network.ts';
import { type Shape, ShapeError, type Size } from '../ir/shape.ts';
import { toFloat32 } from '../onnx/half.ts';
import type { Graph, Model, Node, ValueInfo } from '../onnx/model.ts';
import { checkModel } from '../onnx/validate.ts';
import { foldNode, knownTensor } from './fold/fold.ts';
import { handlers } from './handlers/registry.ts';
import { ImportError, nameOf, opName } from './import-error.ts';
import { NodeReader } from './node-reader.ts';
import type { Operand } from './operand.ts';
import { type ImportOptions, isParameter } from './options.ts';
import type { ImportedParameter } from './parameters.ts';
import { Scope } from './scope.ts';

/** What came into a network that is still being built. */
export interface Imported {
  readonly parameters: readonly ImportedParameter[];
  /** By their names in the file. */
  readonly outputs: Readonly<Record<string, Value>>;
  /**
   * What a name of the file stands for, such as the features before its last layer; [K or 1, ...]. Throws an ImportError
   * where it is no value of the network.
   */
  value(name: string): Value;
}

export interface ImportedNetwork {
  /** Inputs [K, N, ...] and outputs [K or 1, ...] under their names in the file. */
  readonly network: Network;
  readonly parameters: readonly ImportedParameter[];
}

/**
 * The main graph of `model` as a network: the member axis K in front of every shape, the open axis of the inputs as rows N,
 * float initialisers as parameters with their values in `parameters`. Throws an OnnxError where the file does not hold
 * together, and an ImportError that names the node where the graph uses what the network cannot express.
 */
export function importNetwork(model: Model, options: ImportOptions = {}): ImportedNetwork {
  const net = new NetworkBuilder();
  const { parameters, outputs } = importInto(net, model, options);
  for (const [name, value] of Object.entries(outputs)) net.output(name, value);
  return { network: net.build(), parameters };
}

/** The same into a network under construction, to which a loss or another head can be added. */
export function importInto(net: NetworkBuilder, model: Model, options: ImportOptions = {}): Imported {
  const { graph } = model;
  const unknown = unknownOperators(graph);
  if (unknown.length > 0) {
    const more = unknown.length > MOST_NAMED ? ` and ${unknown.length - MOST_NAMED} more` : '';
    const named = unknown.slice(0, MOST_NAMED).join(', ');
    throw new ImportError(`These nodes have operators that cannot be trained: ${named}${more}.`);
  }
  checkModel(model);
  const scope = new Scope(net, options, { ...model.opsets, 'ai.onnx': model.opsets[''] ?? 0 }, countUses(graph));
  readInitializers(scope, graph);
  const rows = options.rows ?? rowsOf(graph, options);
  for (const input of graph.inputs) {
    if (!scope.operands.has(input.name)) scope.operands.set(input.name, readInput(scope, input, rows));
  }
  runNodes(scope, graph.nodes);
  const value = (name: string): Value => {
    const operand = scope.operands.get(name);
    if (!operand) throw new ImportError(`Nothing in the file is called ${name}.`);
    return scope.value(operand);
  };
  const outputs = Object.fromEntries(graph.outputs.map(({ name }) => [name, value(name)]));
  return { parameters: scope.parameters.list, outputs, value };
}

const MOST_NAMED = 5;

/** Operators that are computed where the file fixes their inputs, and taken apart. */
const structural = new Set(['Constant', 'Shape', 'Size', 'If']);

function unknownOperators(graph: Graph): string[] {
  const isKnown = (node: Node): boolean =>
    (node.domain === '' || node.domain === 'ai.onnx') &&
    (handlers.has(node.op) || structural.has(node.op) || folded.has(node.op));
  return graph.nodes.filter((node) => !isKnown(node)).map(nameOf);
}

/** Only computed where the file fixes the inputs. */
const folded = new Set([
  ...['Mod', 'Equal', 'LessOrEqual', 'Greater', 'GreaterOrEqual', 'And', 'Or', 'Xor', 'Not', 'Floor', 'Ceil'],
  ...['Range', 'ConstantOfShape', 'Trilu', 'ScatterND', 'ReduceProd', 'CumSum'],
]);

function countUses(graph: Graph): Map<string, number> {
  const uses = new Map<string, number>();
  const count = (name: string): void => void uses.set(name, (uses.get(name) ?? 0) + 1);
  for (const node of graph.nodes) {
    node.inputs.forEach(count);
    for (const attribute of Object.values(node.attributes)) {
      if (attribute.kind === 'graph')
        for (const [name, n] of countUses(attribute.value)) uses.set(name, (uses.get(name) ?? 0) + n);
    }
  }
  for (const output of graph.outputs) count(output.name);
  return uses;
}

/** Inputs that operators read as settings, not as data, by position. */
const settings: Readonly<Record<string, readonly number[]>> = {
  Resize: [1, 2, 3],
  Clip: [1, 2],
  Pad: [1, 2, 3],
  Dropout: [1, 2],
  Pow: [1],
  LSTM: [5, 6],
  GRU: [5],
};

function readInitializers(scope: Scope, graph: Graph): void {
  const set = new Set(graph.nodes.flatMap((n) => (settings[n.op] ?? []).map((i) => n.inputs[i] ?? '')));
  for (const [name, tensor] of graph.initializers) {
    if (tensor.type === 'string') continue;
    const data = toFloat32(tensor);
    if (data && !set.has(name) && isParameter(name, tensor.dims, data, scope.options)) {
      scope.operands.set(name, {
        kind: 'weight',
        source: name,
        dims: tensor.dims,
        data,
        order: null,
        shared: scope.isShared(name),
      });
    } else scope.operands.set(name, knownTensor(tensor));
  }
}

/** Name of the axis that counts the rows: the first axis of an input, in file order, that has a name and no given size. */
function rowsOf(graph: Graph, { sizes = {} }: ImportOptions): string | null {
  const open = graph.inputs
    .filter((i) => !graph.initializers.has(i.name))
    .flatMap((i) => (i.dims ?? []).filter((d): d is string => typeof d === 'string' && !(d in sizes)));
  return open[0] ?? null;
}

function readInput(scope: Scope, { name, type, dims }: ValueInfo, rows: string | null): Operand {
  if (dims === null) throw new ImportError(`Input ${name} has no shape in the file.`);
  const shape = dims.map((d, i): Size => {
    if (i === 0 && typeof d === 'number' && scope.options.openRows) {
      scope.fixedRows = d;
      return 'N';
    }
    if (typeof d === 'number') return d;
    if (d !== null && d === rows) return 'N';
    const size = d === null ? undefined : scope.options.sizes?.[d];
    // An axis without a name can only be told apart when it comes first.
    if (size === undefined && d === null && i === 0 && rows === null) return 'N';
    if (size !== undefined) return size;
    throw new ImportError(
      `Axis ${i} of input ${name} has no size: give one for ${d ?? 'it'}, as in { sizes: { ${d ?? 'axis'}: 32 } }.`,
    );
  });
  return operandOf(scope, name, type, shape);
}

function operandOf(scope: Scope, name: string, type: string, shape: Shape): Operand {
  if (type !== 'int64' && type !== 'int32' && !type.startsWith('float')) {
    throw new ImportError(
      `Input ${name} is of type ${type}; only floats, and whole numbers as indices, can be trained on.`,
    );
  }
  const isIndex = type.startsWith('int');
  const value = scope.remember(scope.net.input(name, ['K', ...shape], isIndex ? 'int64' : 'float'));
  return isIndex ? { kind: 'index', value, dims: shape, repeated: shape } : { kind: 'value', value };
}

/** Runs nodes in file order, with the branches of a decided `If` in its place. */
function runNodes(scope: Scope, nodes: readonly Node[]): void {
  for (const node of nodes) {
    try {
      if (node.op === 'If') {
        runBranch(scope, node);
        continue;
      }
      const reader = new NodeReader(node, scope);
      const outputs = foldNode(reader) ?? handlerOf(node)(reader);
      node.outputs.forEach((name, i) => {
        const operand = outputs[i];
        if (name !== '' && operand) scope.operands.set(name, settled(scope, name, operand));
      });
    } catch (error) {
      if (error instanceof ImportError && error.message.startsWith('Node ')) throw error;
      if (!(error instanceof ImportError || error instanceof ShapeError || error instanceof RangeError)) throw error;
      throw new ImportError(`Node ${nameOf(node)}: ${error.message}`);
    }
  }
}

/** A weight that came out of a node is shared where several nodes read what came out. */
const settled = (scope: Scope, name: string, operand: Operand): Operand =>
  operand.kind === 'weight' ? { ...operand, shared: operand.shared || scope.isShared(name) } : operand;

function handlerOf(node: Node) {
  const handler = handlers.get(node.op);
  if (handler) return handler;
  throw new ImportError(`${opName(node)} can only be computed from numbers that the file fixes.`);
}

function runBranch(scope: Scope, node: Node): void {
  const condition = scope.operands.get(node.inputs[0] ?? '');
  const decided = condition?.kind === 'known' ? condition.data[0] : null;
  const branch = node.attributes[decided === 0 ? 'else_branch' : 'then_branch'];
  if (decided === null || branch?.kind !== 'graph') throw new ImportError('The condition must be fixed in the file.');
  readInitializers(scope, branch.value);
  runNodes(scope, branch.value.nodes);
  branch.value.outputs.forEach(({ name }, i) => {
    const operand = scope.operands.get(name);
    if (operand) scope.operands.set(node.outputs[i]!, operand);
  });
}
