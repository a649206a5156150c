/** Operators that work element by element, composed of the network's own where it has no single one. */
import type { Value } from '../../ir/network.ts';
import type { Attributes } from '../../ops/operator.ts';
import { activation, type Handler, type NodeReader, single } from '../node-reader.ts';
import type { Operand } from '../operand.ts';

/** All inputs as values of one rank. */
function aligned(node: NodeReader): Value[] {
  const rank = Math.max(...node.inputs.map((_, i) => node.rank(i)));
  return node.inputs.map((operand, i) =>
    loneNumber(operand) === null ? node.value(i, rank) : node.scalar(loneNumber(operand)!),
  );
}

/** The number that the file fixes for the whole operand, or null. */
function loneNumber(operand: Operand): number | null {
  if (operand.kind !== 'known' || operand.data.length !== 1 || operand.dims.some((d) => d !== 1)) return null;
  return operand.dims.length <= 1 && typeof operand.data[0] === 'number' ? operand.data[0] : null;
}

const broadcast =
  (op: string): Handler =>
  (node) => [activation(aligned(node).reduce((a, b) => node.apply(op, [a, b])))];

/** A product with a lone number is a scale. */
const multiply: Handler = (node) => {
  const [a, b] = node.inputs.map(loneNumber);
  if (node.inputs.length === 2 && typeof b === 'number') return [activation(scale(node, node.value(0), b))];
  if (node.inputs.length === 2 && typeof a === 'number') return [activation(scale(node, node.value(1), a))];
  return broadcast('mul')(node);
};

const divide: Handler = (node) => {
  const by = loneNumber(node.operand(1));
  return by === null ? broadcast('div')(node) : [activation(scale(node, node.value(0), 1 / by))];
};

const scale = (node: NodeReader, x: Value, factor: number): Value => node.apply('scale', [x], { factor });

const map = (op: string, attributes: (node: NodeReader) => Attributes = () => ({})): Handler =>
  single((node) => node.apply(op, [node.value(0)], attributes(node)));

/** Powers with whole and half exponents, as products and roots. */
const power = single((node) => {
  const exponent = loneNumber(node.operand(1));
  const x = node.value(0);
  const whole = exponent === null ? Number.NaN : Math.floor(Math.abs(exponent));
  const half = exponent === null ? Number.NaN : Math.abs(exponent) - whole;
  if (!(whole <= 8) || (half !== 0 && half !== 0.5)) {
    return node.refuse(`The exponent must be fixed, whole or half and at most 8, but is ${exponent ?? 'computed'}.`);
  }
  const factors = new Array<Value>(whole).fill(x);
  if (half === 0.5) factors.push(node.apply('sqrt', [x]));
  const product = factors.length === 0 ? null : factors.reduce((a, b) => node.apply('mul', [a, b]));
  if (product === null) return node.apply('add', [scale(node, x, 0), node.scalar(1)]);
  return exponent! < 0 ? node.apply('div', [node.scalar(1), product]) : product;
});

const clip = single((node) => {
  const bound = (name: string, i: number, otherwise: number): number => {
    const attribute = node.node.attributes[name];
    return attribute?.kind === 'float' ? attribute.value : (node.numbers(i)?.[0] ?? otherwise);
  };
  const most = 3.4e38;
  const [low, high] = [bound('min', 1, -most), bound('max', 2, most)];
  return node.apply('clip', [node.value(0)], { low: Math.max(low, -most), high: Math.min(high, most) });
});

/** clip(alpha · x + beta, 0, 1). */
const hardSigmoid = single((node) => {
  const [alpha, beta] = [node.float('alpha', 0.2), node.float('beta', 0.5)];
  const x = node.value(0);
  if (Math.abs(alpha - 1 / 6) < 1e-6 && beta === 0.5) return node.apply('hard-sigmoid', [x]);
  const line = node.apply('add', [scale(node, x, alpha), node.scalar(beta)]);
  return node.apply('clip', [line], { low: 0, high: 1 });
});

/** max(x, 0) + log(1 + exp(-|x|)), which overflows nowhere. */
const softplus = single((node) => {
  const x = node.value(0);
  const decayed = node.apply('exp', [scale(node, node.apply('abs', [x]), -1)]);
  const rest = node.apply('log', [node.apply('add', [decayed, node.scalar(1)])]);
  return node.apply('add', [node.apply('relu', [x]), rest]);
});

const gelu = single((node) => {
  const x = node.value(0);
  if (node.text('approximate', 'none') === 'none') return node.apply('gelu', [x]);
  const cube = node.apply('mul', [node.apply('mul', [x, x]), x]);
  const inner = scale(node, node.apply('add', [x, scale(node, cube, 0.044715)]), Math.sqrt(2 / Math.PI));
  const gate = node.apply('add', [node.apply('tanh', [inner]), node.scalar(1)]);
  return scale(node, node.apply('mul', [x, gate]), 0.5);
});

/** max(x, 0) + slope · min(x, 0) with a slope that is trained; it lines up with the channels where it has one axis less. */
const prelu = single((node) => {
  const x = node.value(0);
  const slope = node.value(1, node.rank(0));
  const below = node.apply('relu', [scale(node, x, -1)]);
  return node.apply('sub', [node.apply('relu', [x]), node.apply('mul', [slope, below])]);
});

const selu = single((node) => {
  const alpha = node.float('alpha', 1.6732632423543772);
  const gamma = node.float('gamma', 1.0507009873554805);
  return scale(node, node.apply('elu', [node.value(0)], { alpha }), gamma);
});

const celu = single((node) => {
  const alpha = node.float('alpha', 1);
  const y = node.apply('elu', [scale(node, node.value(0), 1 / alpha)], { alpha: 1 });
  return scale(node, y, alpha);
});

const softsign = single((node) => {
  const x = node.value(0);
  return node.apply('div', [x, node.apply('add', [node.apply('abs', [x]), node.scalar(1)])]);
});

const reciprocal = single((node) => node.apply('div', [node.scalar(1), node.value(0)]));

const swish = single((node) => {
  const x = node.value(0);
  const alpha = node.float('alpha', 1);
  return alpha === 1 ? node.apply('silu', [x]) : node.apply('mul', [x, node.apply('sigmoid', [scale(node, x, alpha)])]);
});

const hardSwish = single((node) => {
  const x = node.value(0);
  return node.apply('mul', [x, node.apply('hard-sigmoid', [x])]);
});

/** A sum of indices and a fixed number is the first half of letting negative ones count from the end. */
const add: Handler = (node) => {
  const index = node.inputs.find((operand) => operand.kind === 'index');
  const other = node.inputs.find((operand) => operand.kind === 'known');
  return index && other ? [{ ...index, wrapping: 'sum' }] : broadcast('add')(node);
};

/** Of values that are computed only indices are compared, and only with 0: whether they count from the end. */
const less: Handler = (node) => {
  const [index, zero] = node.inputs;
  const isWrap = index?.kind === 'index' && zero?.kind === 'known' && zero.data.every((v) => v === 0);
  return isWrap
    ? [{ ...index, wrapping: 'test' }]
    : node.refuse('Less can only be computed from numbers that the file fixes.');
};

/** A condition has to be fixed in the file; indices that count from the end are not followed, so they stay as they are. */
const where: Handler = (node) => {
  const [condition, sum, index] = node.inputs;
  const isWrap =
    condition?.kind === 'index' && condition.wrapping === 'test' && sum?.kind === 'index' && sum.wrapping === 'sum';
  return isWrap && index?.kind === 'index' ? [index] : chosen(node);
};

const chosen = single((node) => {
  const condition = node.known(0);
  const mask = { ...condition, type: 'float' as const };
  const rank = Math.max(condition.dims.length, node.rank(1), node.rank(2));
  return node.apply('where', [node.scope.value(mask, rank), node.value(1, rank), node.value(2, rank)]);
});

const mean = single((node) => {
  const sum = aligned(node).reduce((a, b) => node.apply('add', [a, b]));
  return scale(node, sum, 1 / node.inputs.length);
});

/** Where no number changes: the same operand. */
const same: Handler = (node) => [node.operand(0), null];

/** Between kinds of floats nothing changes here: the network computes in float32. */
const cast: Handler = (node) => {
  const operand = node.operand(0);
  const float = [1, 10, 11, 16].includes(node.int('to', 1));
  if (operand.kind === 'index' ? float : !float)
    node.refuse('Only floats can be cast to floats, and indices to indices.');
  return [operand];
};

/** The identity at inference; in training it drops at the file's rate. */
const dropout: Handler = (node) => {
  const rate = node.has(1) ? node.numbers(1)![0]! : node.float('ratio', 0.5);
  return [activation(node.apply('dropout', [node.value(0)], { rate })), null];
};

export const elementwise: Readonly<Record<string, Handler>> = {
  Add: add,
  Less: less,
  Sum: broadcast('add'),
  Sub: broadcast('sub'),
  Mul: multiply,
  Div: divide,
  Max: broadcast('maximum'),
  Min: broadcast('minimum'),
  Mean: mean,
  Pow: power,
  Relu: map('relu'),
  Sigmoid: map('sigmoid'),
  Tanh: map('tanh'),
  Exp: map('exp'),
  Log: map('log'),
  Sqrt: map('sqrt'),
  Abs: map('abs'),
  Erf: map('erf'),
  Sin: map('sin'),
  Cos: map('cos'),
  Neg: map('scale', () => ({ factor: -1 })),
  Reciprocal: reciprocal,
  LeakyRelu: map('leaky-relu', (node) => ({ slope: node.float('alpha', 0.01) })),
  Elu: map('elu', (node) => ({ alpha: node.float('alpha', 1) })),
  Selu: selu,
  Celu: celu,
  PRelu: prelu,
  HardSigmoid: hardSigmoid,
  HardSwish: hardSwish,
  Swish: swish,
  Softplus: softplus,
  Softsign: softsign,
  Gelu: gelu,
  Mish: map('mish'),
  Clip: clip,
  Where: where,
  Identity: same,
  Cast: cast,
  Dropout: dropout,
};
