import { sizes } from '../ir/shape.ts';
import type { Emitted, Operator } from './operator.ts';
import {
  acrossTime,
  affine,
  arriving,
  below,
  cutColumns,
  fused,
  gateRows,
  inputGradient,
  inputSteps,
  keptAt,
  lessGate,
  overTime,
  perMember,
  type RecurrentAttributes,
  recurrentShape,
  rowAxis,
  statesOf,
  unrolledSizes,
  weightsBelow,
} from './recurrent.ts';

/**
 * What the gradient reuses of a step: input and state below each other, the gates, and what gradients of the state and of
 * the candidate are multiplied by for those of the gates and of tanh.
 */
const kept = ['read', 'update', 'reset', 'updating', 'resetting', 'bend'] as const;
type Step = Readonly<Record<(typeof kept)[number], string>>;

/**
 * Gated recurrent unit (Cho and others 2014) with the reset gate after the recurrent product, as cuDNN, PyTorch and
 * Keras have it; from a zero state, unrolled over time: x [K or 1, T, N, F], input weights [K, F, 3H], recurrent
 * weights [K, H, 3H], bias [K, 1, 3H] and the candidate's recurrent bias [K, 1, H], gates in the order update, reset,
 * candidate; all states [K, T, N, H], or the last, [K, N, H]. Inference uses the ONNX operator.
 */
export const gru: Operator<RecurrentAttributes> = {
  name: 'gru',
  shape: (shapes, attributes) => recurrentShape(shapes, 3, [3, 1], attributes),
  cost: ([x, , r]) => {
    const { members, steps, rows, inputs, hidden } = unrolledSizes(x!, r!);
    const states = members * steps * rows * hidden;
    return { macs: states * 3 * (hidden + inputs), activationBytes: 4 * (states / hidden) * (6 * hidden + inputs + 1) };
  },
  emit: (e, values, output, attributes) => {
    const [x, w, r, b, rb] = values as [Emitted, Emitted, Emitted, Emitted, Emitted];
    const [members, hidden] = sizes(r.shape) as [number, number];
    if (e.mode === 'inference') {
      const none = e.constant(new Float32Array(members * 2 * hidden), [members, 1, 2 * hidden]);
      const own = { name: e.op('Concat', [none, rb.name], { axis: 2 }), shape: b.shape };
      return { output: fused(e, 'GRU', [x, w, r], [b, own], output, attributes) };
    }
    const size = unrolledSizes(x.shape, r.shape);
    const { rows, inputs } = size;
    const [forUpdate, forReset] = gateRows(e, weightsBelow(e, [w, b, r]), hidden) as [Emitted, Emitted];
    const forInput = gateRows(e, weightsBelow(e, [w, b]), hidden)[2]!;
    const forState = gateRows(e, r, hidden)[2]!;
    const bias = e.reshape(rb.name, perMember(members, hidden, 1));
    const shape = perMember(members, inputs + 1 + hidden, rows);
    const stateShape = perMember(members, hidden, rows);
    let state = e.constant(new Float32Array(members * hidden * rows), stateShape);
    const states: string[] = [];
    const steps: Step[] = [];
    const one = e.scalar(1);
    for (const own of inputSteps(e, x, size)) {
      const read = below(e, [own.name, state], members);
      const [update, reset] = [forUpdate, forReset].map((weights) =>
        e.op('Sigmoid', [affine(e, weights, { name: read, shape })]),
      ) as [string, string];
      const letIn = e.mul(reset, affine(e, forState, { name: state, shape: stateShape }, bias));
      const fresh = e.op('Tanh', [affine(e, forInput, own, letIn)]);
      // (1 - z)·n + z·h = n + z·(h - n)
      const held = e.mul(update, e.sub(state, fresh));
      state = e.add(fresh, held);
      states.push(state);
      // The derivative of a gate g is g · (1 - g), and g times what it multiplies is at hand.
      const bend = e.sub(one, e.mul(fresh, fresh));
      steps.push({
        read,
        update,
        reset,
        updating: lessGate(e, held, update),
        resetting: lessGate(e, letIn, reset),
        bend,
      });
    }
    return {
      output: statesOf(e, states, size, attributes),
      saved: steps.flatMap((step) => kept.map((name) => step[name])),
    };
  },
  gradient: (e, { inputs: values, saved, gradient, needed, attributes }) => {
    const [x, w, r, , rb] = values as [Emitted, Emitted, Emitted, Emitted, Emitted];
    const size = unrolledSizes(x.shape, r.shape);
    const { members, steps, rows, inputs, hidden } = size;
    const at = (t: number): Step => keptAt(kept, saved, t);
    const weights = cutColumns(e, r, hidden);
    const incoming = arriving(e, gradient, size, attributes);
    const shape = perMember(members, hidden, rows);
    const [forUpdate, forReset, forFresh, forOwn]: [string[], string[], string[], string[]] = [[], [], [], []];
    let ofState = incoming.at(-1)!;
    for (let t = steps - 1; t >= 0; t--) {
      const { update, reset, updating, resetting, bend } = at(t);
      const passed = e.mul(ofState, update);
      forFresh[t] = e.mul(e.sub(ofState, passed), bend);
      forUpdate[t] = e.mul(ofState, updating);
      forReset[t] = e.mul(forFresh[t]!, resetting);
      forOwn[t] = e.mul(forFresh[t]!, reset);
      if (t === 0) break;
      const before = incoming[t - 1]!;
      ofState = [forUpdate[t]!, forReset[t]!, forOwn[t]!].reduce(
        (sum, name, g) => affine(e, weights[g]!, { name, shape }, sum),
        before === null ? passed : e.add(before, passed),
      );
    }
    const time = (names: readonly string[], height: number): Emitted => acrossTime(e, names, height, size);
    const read = time(
      Array.from({ length: steps }, (_, t) => at(t).read),
      inputs + 1 + hidden,
    );
    const [update, reset, fresh, own] = [forUpdate, forReset, forFresh, forOwn].map((d) => time(d, hidden)) as [
      Emitted,
      Emitted,
      Emitted,
      Emitted,
    ];
    // What the candidate reads of the input, with its bias, and of the state, with the recurrent one: both end in the ones.
    const part = (from: number, to: number): Emitted => {
      const bounds = [[from], [to], [rowAxis(members)]].map((v) => e.graph.int64(v));
      return { name: e.op('Slice', [read.name, ...bounds]), shape: perMember(members, to - from, steps * rows) };
    };
    const cut = (x: string, heights: readonly number[]): string[] => e.split(x, 1, heights);
    const gates = [update, reset].map((d) => cut(overTime(e, read, d), [inputs, 1, hidden]));
    const [freshW, freshB] = cut(overTime(e, part(0, inputs + 1), fresh), [inputs, 1]) as [string, string];
    const [ownB, ownR] = cut(overTime(e, part(inputs, inputs + 1 + hidden), own), [1, hidden]) as [string, string];
    const join = (parts: readonly string[]): string => e.op('Concat', parts, { axis: 2 });
    return [
      needed[0] ? inputGradient(e, x, w, [update, reset, fresh], size) : null,
      join([...gates.map((g) => g[0]!), freshW]),
      join([...gates.map((g) => g[2]!), ownR]),
      join([...gates.map((g) => g[1]!), freshB]),
      e.reshape(ownB, rb.shape),
    ];
  },
};
