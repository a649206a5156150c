/** Gated linear recurrence by the delta rule (Yang and others 2024), unrolled over time. */
import type { NetworkBuilder, Value } from '../ir/network.ts';
import { ShapeError, showShape } from '../ir/shape.ts';

/**
 * A memory S [D, E] per row, empty at first, is read by a query at every step after it was corrected at the step's key:
 * S ← g·S, then S ← S + keyᵀ · b·(value - key·S), output query·S. q and k are [K, N, T, D], v [K, N, T, E], the strength
 * b and the gate g [K, N, T, 1], in 0..1; keys should have length 1. Returns [K, N, T, E].
 */
export function deltaRule(net: NetworkBuilder, q: Value, k: Value, v: Value, strength: Value, gate: Value): Value {
  const steps = q.shape[2];
  if (q.shape.length !== 4 || typeof steps !== 'number')
    throw new ShapeError(`${showShape(q.shape)} has no known steps.`);
  const at = (x: Value, t: number): Value => net.apply('slice', [x], { axis: 2, start: t, end: t + 1 });
  const mul = (a: Value, b: Value): Value => net.apply('mul', [a, b]);
  let memory: Value | null = null;
  const outputs: Value[] = [];
  for (let t = 0; t < steps; t++) {
    const key = at(k, t);
    let correction = at(v, t);
    if (memory !== null) {
      memory = mul(memory, at(gate, t));
      correction = net.apply('sub', [correction, net.apply('matmul', [key, memory])]);
    }
    const column = net.apply('transpose', [key], { perm: [0, 1, 3, 2] });
    const written: Value = net.apply('matmul', [column, mul(correction, at(strength, t))]);
    memory = memory === null ? written : net.apply('add', [memory, written]);
    outputs.push(net.apply('matmul', [at(q, t), memory]));
  }
  return net.apply('concat', outputs, { axis: 2 });
}
