/** Recurrent layers, in one or both directions, from a zero state. */
import type { Value } from '../../ir/network.ts';
import { activation, type Handler, type NodeReader } from '../node-reader.ts';
import { reshapeWeight, transposeWeight } from '../parameters.ts';
import { knownSize, span } from '../size.ts';
import { take } from './layout.ts';

/** What both kinds of layer need to know of the node. */
interface Layer {
  readonly directions: readonly ('forward' | 'reverse')[];
  readonly hidden: number;
  readonly steps: number;
}

function layerOf(node: NodeReader, activations: readonly string[]): Layer {
  const given = node.node.attributes.activations;
  const direction = node.text('direction', 'forward');
  const directions = direction === 'bidirectional' ? (['forward', 'reverse'] as const) : [direction as 'forward'];
  const wanted = directions
    .flatMap(() => activations)
    .join()
    .toLowerCase();
  if (given?.kind === 'strings' && given.value.join().toLowerCase() !== wanted) {
    node.refuse(`Activations ${given.value.join(', ')} are not supported, only ${activations.join(', ')}.`);
  }
  if (node.has(4)) node.refuse('Sequences of different lengths are not supported.');
  if (node.int('layout', 0) !== 0 || node.node.attributes.clip)
    node.refuse('Neither layout 1 nor clipping is supported.');
  return {
    directions,
    hidden: node.int('hidden_size', 0) || knownSize(node.dims(2)[2], 'The number of units'),
    steps: knownSize(node.dims(0)[0], 'The number of steps'),
  };
}

/** Refuses a first state at input `i` that is not known to be zero. */
function startsAtZero(node: NodeReader, i: number): void {
  if (!node.has(i)) return;
  const state = node.operand(i);
  if (state.kind !== 'known' || state.data.some((v) => v !== 0)) {
    node.refuse(`Input ${i}, the first state, must be zero.`);
  }
}

/** Weights [D, G·H, F] of one direction as [K, F, G·H]; those of a single direction are turned at import. */
function weightsOf(node: NodeReader, i: number, direction: number): Value {
  const operand = node.operand(i);
  const [count, wide, width] = node.dims(i).map((d) => knownSize(d, 'The size of a weight')) as [
    number,
    number,
    number,
  ];
  if (count === 1 && operand.kind === 'weight' && !operand.shared) {
    return node.scope.value(transposeWeight(reshapeWeight(operand, [wide, width]), [1, 0]));
  }
  const part = node.scope.reshape(take(node, node.value(i), 0, [direction]), [wide, width]);
  return node.scope.perMember(node.scope.transpose(part, [1, 0]));
}

/** Numbers `from` to `to` of the biases [D, B] of one direction as [K, 1, ...]. */
function biasOf(node: NodeReader, direction: number, from: number, to: number): Value {
  if (!node.has(3)) {
    return node.scope.perMember(node.apply('constant', [], { shape: [1, 1, to - from], values: [0] }));
  }
  const row = take(node, node.value(3), 0, [direction]);
  return node.scope.perMember(node.apply('slice', [row], { axis: 2, start: from, end: to }));
}

/** Runs every direction, and joins their states as the file has them: all [T, D, N, H], and the last [D, N, H]. */
function run(node: NodeReader, layer: Layer, states: (x: Value, direction: number) => Value): readonly [Value, Value] {
  const { directions, steps, hidden } = layer;
  const x = node.value(0);
  const rows = node.dims(0)[1]!;
  const reversed = span(0, steps).reverse();
  const all: Value[] = [];
  const last: Value[] = [];
  directions.forEach((direction, d) => {
    const input = direction === 'reverse' ? take(node, x, 0, reversed) : x;
    const h = states(input, d);
    last.push(take(node, h, 0, [steps - 1]));
    const inOrder = direction === 'reverse' ? take(node, h, 0, reversed) : h;
    all.push(node.scope.reshape(inOrder, [steps, 1, rows, hidden]));
  });
  const join = (parts: Value[], axis: number): Value =>
    parts.length === 1 ? parts[0]! : node.apply('concat', parts, { axis });
  return [join(all, 2), join(last, 1)];
}

const lstm: Handler = (node) => {
  const layer = layerOf(node, ['Sigmoid', 'Tanh', 'Tanh']);
  const wide = 4 * layer.hidden;
  startsAtZero(node, 5);
  startsAtZero(node, 6);
  if (node.has(7) || node.int('input_forget', 0) === 1) node.refuse('Peepholes and coupled gates are not supported.');
  const [all, last] = run(node, layer, (x, d) => {
    const bias = node.apply('add', [biasOf(node, d, 0, wide), biasOf(node, d, wide, 2 * wide)]);
    return node.apply('lstm', [x, weightsOf(node, 1, d), weightsOf(node, 2, d), bias]);
  });
  return [activation(all), activation(last), null];
};

const gru: Handler = (node) => {
  const layer = layerOf(node, ['Sigmoid', 'Tanh']);
  const { hidden } = layer;
  startsAtZero(node, 5);
  if (node.int('linear_before_reset', 0) !== 1) {
    node.refuse('The reset gate must come after the recurrent product (linear_before_reset = 1).');
  }
  const [all, last] = run(node, layer, (x, d) => {
    // Both biases of the gates add up; the candidate's recurrent one is multiplied by the reset gate.
    const gates = node.apply('add', [biasOf(node, d, 0, 2 * hidden), biasOf(node, d, 3 * hidden, 5 * hidden)]);
    const bias = node.apply('concat', [gates, biasOf(node, d, 2 * hidden, 3 * hidden)], { axis: 2 });
    const own = biasOf(node, d, 5 * hidden, 6 * hidden);
    return node.apply('gru', [x, weightsOf(node, 1, d), weightsOf(node, 2, d), bias, own]);
  });
  return [activation(all), activation(last)];
};

export const recurrent: Readonly<Record<string, Handler>> = { LSTM: lstm, GRU: gru };
