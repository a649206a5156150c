/** Shape rules of operators that work element by element. */
import type { Dim, ElementType } from '../model.ts';
import { typeNumbers } from '../model.ts';
import { broadcastDims, type Inferred, UNKNOWN } from './inferred.ts';
import { MANY, type Rule, type RuleNode, type Schema, schema } from './rule.ts';

/** The shape and type of the first input. */
export const same: Rule = (node) => [{ type: node.input(0).type, dims: node.input(0).dims }];

/** The common shape of all inputs from `from` on; each must broadcast against those before it. */
function common(node: RuleNode, from: number): Inferred['dims'] {
  let dims = node.input(from).dims;
  for (let i = from + 1; i < node.node.inputs.length; i++) {
    const other = node.input(i).dims;
    if (!dims || !other) return null;
    const both = broadcastDims(dims, other);
    if (!both) node.failInput(i, `a shape that broadcasts against [${dims.map((d) => d ?? '?').join(', ')}]`);
    dims = both;
  }
  return dims;
}

/** The type that all inputs from `from` on share. */
function sharedType(node: RuleNode, from: number): ElementType | null {
  const known = node.inputs.slice(from).find((v) => v.type !== null)?.type ?? null;
  if (known) for (let i = from; i < node.node.inputs.length; i++) node.typed(i, [known], 'numbers');
  return known;
}

type Combine = (...values: (number | string)[]) => Dim;

/** Elements of short lists combined one by one, where all are known; a list of one goes with every element. */
function combined(node: RuleNode, combine: Combine | undefined): Pick<Inferred, 'elements'> {
  const lists = node.inputs.map((v) => v.elements);
  if (!combine || !lists.every((l) => l !== undefined)) return {};
  const length = Math.max(...lists.map((l) => l.length));
  if (lists.some((l) => l.length !== length && l.length !== 1)) return {};
  const elements = Array.from({ length }, (_, i): Dim => {
    const values = lists.map((l) => l[l.length === 1 ? 0 : i] ?? null);
    return values.every((v) => v !== null) ? combine(...values) : null;
  });
  return { elements };
}

/** Arithmetic on whole numbers; on names only what leaves them as they are. */
const arithmetic: Readonly<Record<string, Combine>> = {
  Add: (a, b) => (a === 0 ? b! : b === 0 ? a! : numeric(a, b, (x, y) => x + y)),
  Sub: (a, b) => (b === 0 ? a! : numeric(a, b, (x, y) => x - y)),
  Mul: (a, b) => (a === 1 ? b! : b === 1 ? a! : numeric(a, b, (x, y) => x * y)),
  Div: (a, b) => (b === 1 ? a! : numeric(a, b, (x, y) => (y === 0 ? Number.NaN : Math.trunc(x / y)))),
  Mod: (a, b) => numeric(a, b, (x, y) => (y === 0 ? Number.NaN : x - y * Math.floor(x / y))),
};

function numeric(
  a: number | string | undefined,
  b: number | string | undefined,
  f: (a: number, b: number) => number,
): Dim {
  if (typeof a !== 'number' || typeof b !== 'number') return null;
  const result = f(a, b);
  return Number.isSafeInteger(result) ? result : null;
}

/** A name is a size: it equals itself and no negative number. */
const equal: Combine = (a, b) => {
  if (typeof a === typeof b && (typeof a === 'number' || a === b)) return a === b ? 1 : 0;
  return Number(typeof a === 'number' ? a : b) < 0 ? 0 : null;
};

const broadcasting: Rule = (node) => [
  { type: sharedType(node, 0), dims: common(node, 0), ...combined(node, arithmetic[node.node.op]) },
];
const comparison: Rule = (node) => {
  sharedType(node, 0);
  return [{ type: 'bool', dims: common(node, 0), ...combined(node, node.node.op === 'Equal' ? equal : undefined) }];
};
const logical: Rule = (node) => {
  for (const i of node.node.inputs.keys()) node.typed(i, ['bool'], 'truth values');
  return [{ type: 'bool', dims: common(node, 0) }];
};
const where: Rule = (node) => {
  node.typed(0, ['bool'], 'a condition');
  return [{ type: sharedType(node, 1), dims: common(node, 0), ...combined(node, (c, a, b) => (c === 0 ? b! : a!)) }];
};
const truth: Rule = (node) => [{ type: 'bool', dims: node.input(0).dims }];

const typeNames = new Map(Object.entries(typeNumbers).map(([name, n]) => [n, name as ElementType]));
const cast: Rule = (node) => {
  const type = typeNames.get(node.int('to', 0));
  if (!type) node.fail('attribute to', 'an element type', String(node.int('to', 0)));
  const { dims, elements } = node.input(0);
  return [{ type: type!, dims, ...(elements && type!.startsWith('int') ? { elements } : {}) }];
};
const withMask: Rule = (node) => [same(node)[0]!, { type: 'bool', dims: node.input(0).dims }];

const unary = (names: readonly string[]): [string, Schema][] => names.map((name) => [name, schema(same)]);
const binary = (names: readonly string[], rule: Rule): [string, Schema][] =>
  names.map((name) => [name, schema(rule, 2)]);

export const elementwiseRules: readonly [string, Schema][] = [
  ...unary([
    'Relu',
    'Sigmoid',
    'Tanh',
    'Exp',
    'Log',
    'Sqrt',
    'Abs',
    'Neg',
    'Erf',
    'Sin',
    'Cos',
    'Reciprocal',
    'Floor',
    'Ceil',
  ]),
  ...unary([
    'LeakyRelu',
    'Elu',
    'Selu',
    'Celu',
    'HardSigmoid',
    'HardSwish',
    'Softplus',
    'Softsign',
    'Gelu',
    'Mish',
    'Sign',
    'Round',
  ]),
  ...unary(['Softmax', 'LogSoftmax', 'Swish', 'StringNormalizer', 'Scaler', 'Not']),
  ...binary(['Add', 'Sub', 'Mul', 'Div', 'Mod', 'PRelu', 'StringConcat'], broadcasting),
  ...binary(['Equal', 'Less', 'LessOrEqual', 'Greater', 'GreaterOrEqual'], comparison),
  ...binary(['And', 'Or', 'Xor'], logical),
  ['Pow', schema((node) => [{ type: node.input(0).type, dims: common(node, 0) }], 2)],
  ...['Max', 'Min', 'Sum', 'Mean'].map((name): [string, Schema] => [name, schema(broadcasting, [1, MANY])]),
  ['Where', schema(where, 3)],
  ['IsNaN', schema(truth)],
  ['IsInf', schema(truth)],
  ['RegexFullMatch', schema(truth)],
  ['Cast', schema(cast)],
  ['Clip', schema(same, [1, 3])],
  ['Dropout', schema(withMask, [1, 3], [1, 2])],
  ['CumSum', schema(same, 2)],
  ['Trilu', schema(same, [1, 2])],
  ['GatedAdd', schema(same, 3)],
  ['Identity', schema((node) => [node.has(0) ? node.input(0) : UNKNOWN])],
];
