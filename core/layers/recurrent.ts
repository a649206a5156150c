/** Recurrent layers over sequences with rows first, [K, N, T, F]. */
import type { NetworkBuilder, Value } from '../ir/network.ts';
import { sizeOf } from './axis.ts';
import { byInputs, zeros } from './init.ts';

export type RecurrentKind = 'lstm' | 'gru';

const gates: Readonly<Record<RecurrentKind, number>> = { lstm: 4, gru: 3 };

/** States after every step with time first, [K, T, N, hidden]. */
function unrolled(
  net: NetworkBuilder,
  name: string,
  x: Value,
  kind: RecurrentKind,
  hidden: number,
  last = false,
): Value {
  const wide = gates[kind] * hidden;
  const start = byInputs(hidden, hidden);
  const sequence = net.apply('transpose', [x], { perm: [0, 2, 1, 3] });
  const w = net.parameter(`${name}.w`, ['K', sizeOf(x, -1), wide], start);
  const r = net.parameter(`${name}.r`, ['K', hidden, wide], start);
  const b = net.parameter(`${name}.b`, ['K', 1, wide], zeros, { decay: 0 });
  const c = kind === 'gru' ? [net.parameter(`${name}.c`, ['K', 1, hidden], zeros, { decay: 0 })] : [];
  return net.apply(kind, [sequence, w, r, b, ...c], last ? { last } : {});
}

/**
 * States of an LSTM or a GRU of `hidden` units after every step, [K, N, T, hidden]; weights `name`.w, .r and .b (and
 * .c, the GRU's second bias), the matrices uniform within 1 / sqrt(hidden), as is usual.
 */
export function recurrent(net: NetworkBuilder, name: string, x: Value, kind: RecurrentKind, hidden: number): Value {
  return net.apply('transpose', [unrolled(net, name, x, kind, hidden)], { perm: [0, 2, 1, 3] });
}

/** The state of the same layer after the last step, [K, N, hidden]. */
export function lastState(net: NetworkBuilder, name: string, x: Value, kind: RecurrentKind, hidden: number): Value {
  return unrolled(net, name, x, kind, hidden, true);
}
