import { sizes } from '../ir/shape.ts';
import type { Emitted, Operator } from './operator.ts';
import { fused, parts, project, recurrentShape, restack, sequenceGradients, unstack } from './recurrent.ts';

/**
 * Gated recurrent unit (Cho and others 2014) with the reset gate after the recurrent product, as cuDNN, PyTorch and
 * Keras have it; from a zero state, unrolled over time: x [K or 1, T, N, F], input weights [K, F, 3H], recurrent
 * weights [K, H, 3H], bias [K, 1, 3H] and the candidate's recurrent bias [K, 1, H], gates in the order update, reset,
 * candidate; all states [K, T, N, H]. Inference uses the ONNX operator.
 */
export const gru: Operator<Record<string, never>> = {
  name: 'gru',
  shape: (shapes) => recurrentShape(shapes, 3, [3, 1]),
  cost: ([x], output) => {
    const [members, steps, rows, hidden] = output as [number, number, number, number];
    const states = members * steps * rows * hidden;
    return { macs: states * 3 * (hidden + x![3]!), activationBytes: 4 * 8 * states };
  },
  emit: (e, inputs, output) => {
    const [x, w, r, b, rb] = inputs as [Emitted, Emitted, Emitted, Emitted, Emitted];
    const [members, hidden] = sizes(r.shape) as [number, number];
    if (e.mode === 'inference') {
      const none = e.constant(new Float32Array(members * 2 * hidden), [members, 1, 2 * hidden]);
      const own = { name: e.op('Concat', [none, rb.name], { axis: 2 }), shape: b.shape };
      return { output: fused(e, 'GRU', [x, w, r], [b, own], output) };
    }
    const projected = project(e, x, w.name, [members, 3 * hidden]);
    const flatBias = e.reshape(b.name, [members, 1, 1, 3 * hidden]);
    const pre = unstack(e, { ...projected, name: e.add(projected.name, flatBias) });
    const states: string[] = [];
    const saved: string[] = [];
    for (const [t, fromInput] of pre.entries()) {
      const [gatesIn, candidateIn] = e.split(fromInput, 2, [2 * hidden, hidden]) as [string, string];
      let [sum, recurrent] = [gatesIn, rb.name];
      if (t > 0) {
        const fromState = e.op('MatMul', [states[t - 1]!, r.name]);
        const [gates, own] = e.split(fromState, 2, [2 * hidden, hidden]) as [string, string];
        [sum, recurrent] = [e.add(gatesIn, gates), e.add(own, rb.name)];
      }
      const sigmoid = e.op('Sigmoid', [sum]);
      const [z, reset] = parts(e, sigmoid, 2, 2, hidden) as [string, string];
      const fresh = e.op('Tanh', [e.add(candidateIn, e.mul(reset, recurrent))]);
      // (1 - z)·n + z·h = n + z·(h - n)
      const before = t === 0 ? e.op('Neg', [fresh]) : e.sub(states[t - 1]!, fresh);
      states.push(e.add(fresh, e.mul(z, before)));
      saved.push(sigmoid, recurrent, fresh, before);
    }
    return { output: restack(e, states, [members, output[2]!, hidden]), saved };
  },
  gradient: (e, { inputs, output, saved, gradient, needed }) => {
    const [x, w, r] = inputs as [Emitted, Emitted, Emitted, Emitted, Emitted];
    const [members, steps, rows, hidden] = sizes(output.shape) as [number, number, number, number];
    const incoming = unstack(e, { name: gradient, shape: output.shape });
    const [forInput, forState]: [string[], string[]] = [[], []];
    const ownBias: string[] = [];
    const one = e.scalar(1);
    let carried: string | null = null;
    for (let t = steps - 1; t >= 0; t--) {
      const [sigmoid, recurrent, fresh, before] = saved.slice(4 * t, 4 * t + 4) as [string, string, string, string];
      const [z, reset] = parts(e, sigmoid, 2, 2, hidden) as [string, string];
      const dh: string = carried === null ? incoming[t]! : e.add(incoming[t]!, carried);
      const kept = e.mul(dh, z);
      const candidate = e.mul(e.sub(dh, kept), e.sub(one, e.mul(fresh, fresh)));
      const gates = e.op('Concat', [e.mul(dh, before), e.mul(candidate, recurrent)], { axis: 2 });
      const gatesSum = e.mul(gates, e.mul(sigmoid, e.sub(one, sigmoid)));
      const own = e.mul(candidate, reset);
      forInput[t] = e.op('Concat', [gatesSum, candidate], { axis: 2 });
      forState[t] = e.op('Concat', [gatesSum, own], { axis: 2 });
      ownBias[t] = own;
      if (t === 0) break;
      const sum = { name: forState[t]!, shape: [members, rows, 3 * hidden] };
      carried = e.add(e.matmul(sum, { name: r.name, shape: r.shape }, false, true), kept);
    }
    const stacked = (list: readonly string[], width: number): string => restack(e, list, [members, rows, width]);
    const [all, states] = [stacked(forInput, 3 * hidden), stacked(forState, 3 * hidden)];
    const g = sequenceGradients(e, x, w, output, all, states, needed[0]!);
    const flat = [members, steps * rows, hidden];
    const bias = e.sumTo(e.reshape(stacked(ownBias, hidden), flat), flat, [members, 1, hidden]);
    return [g.x, g.w, g.r, g.b, bias];
  },
};
