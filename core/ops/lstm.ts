import { countOf, sizes } from '../ir/shape.ts';
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
  statesOf,
  unrolledSizes,
  weightsBelow,
} from './recurrent.ts';

/** In the order of the weights. */
const activations = ['Sigmoid', 'Sigmoid', 'Sigmoid', 'Tanh'] as const;
type PerGate = [string, string, string, string];

/**
 * What the gradient reuses of a step: input and state below each other, the forget gate, and what the gradients of state
 * and cell are multiplied by. These factors are made in the forward pass, while what they are made of is in the cache.
 */
const kept = ['read', 'forget', 'cell', 'input', 'output', 'forgetting', 'candidate'] as const;
type Step = Readonly<Record<(typeof kept)[number], string>>;

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997), from a zero state, unrolled over time: x [K or 1, T, N, F],
 * input weights [K, F, 4H], recurrent weights [K, H, 4H] and bias [K, 1, 4H], gates in the order input, output, forget,
 * candidate; all states [K, T, N, H], or the last, [K, N, H]. Inference uses the ONNX operator.
 */
export const lstm: Operator<RecurrentAttributes> = {
  name: 'lstm',
  shape: (shapes, attributes) => recurrentShape(shapes, 4, [4], attributes),
  cost: ([x, , r]) => {
    const { members, steps, rows, inputs, hidden } = unrolledSizes(x!, r!);
    const states = members * steps * rows * hidden;
    return { macs: states * 4 * (hidden + inputs), activationBytes: 4 * (states / hidden) * (7 * hidden + inputs + 1) };
  },
  emit: (e, values, output, attributes) => {
    const [x, w, r, b] = values as [Emitted, Emitted, Emitted, Emitted];
    if (e.mode === 'inference') {
      const none = e.constant(new Float32Array(countOf(b.shape)), sizes(b.shape));
      return { output: fused(e, 'LSTM', [x, w, r], [b, { name: none, shape: b.shape }], output, attributes) };
    }
    const size = unrolledSizes(x.shape, r.shape);
    const { members, rows, inputs, hidden } = size;
    const weights = gateRows(e, weightsBelow(e, [w, b, r]), hidden);
    const shape = perMember(members, inputs + 1 + hidden, rows);
    const empty = e.constant(new Float32Array(members * hidden * rows), perMember(members, hidden, rows));
    let [state, cell] = [empty, empty];
    const states: string[] = [];
    const steps: Step[] = [];
    for (const own of inputSteps(e, x, size)) {
      const read = below(e, [own.name, state], members);
      const [i, o, f, candidate] = activations.map((activation, g) =>
        e.op(activation, [affine(e, weights[g]!, { name: read, shape })]),
      ) as PerGate;
      const fresh = e.mul(i, candidate);
      const held = e.mul(f, cell);
      cell = e.add(held, fresh);
      const squashed = e.op('Tanh', [cell]);
      state = e.mul(o, squashed);
      states.push(state);
      // The derivative of a gate g is g · (1 - g), and g times what it multiplies is at hand; that of tanh is 1 - tanh².
      steps.push({
        read,
        forget: f,
        cell: e.sub(o, e.mul(state, squashed)),
        input: lessGate(e, fresh, i),
        output: lessGate(e, state, o),
        forgetting: lessGate(e, held, f),
        candidate: e.sub(i, e.mul(fresh, candidate)),
      });
    }
    return {
      output: statesOf(e, states, size, attributes),
      saved: steps.flatMap((step) => kept.map((name) => step[name])),
    };
  },
  gradient: (e, { inputs: values, saved, gradient, needed, attributes }) => {
    const [x, w, r, b] = values as [Emitted, Emitted, Emitted, Emitted];
    const size = unrolledSizes(x.shape, r.shape);
    const { members, steps, rows, inputs, hidden } = size;
    const at = (t: number): Step => keptAt(kept, saved, t);
    const weights = cutColumns(e, r, hidden);
    const incoming = arriving(e, gradient, size, attributes);
    const gates: PerGate[] = [];
    const shape = perMember(members, hidden, rows);
    let ofState = incoming.at(-1)!;
    let ofLater: string | null = null;
    for (let t = steps - 1; t >= 0; t--) {
      const step = at(t);
      const own = e.mul(ofState, step.cell);
      const ofCell: string = ofLater === null ? own : e.add(own, ofLater);
      const factors = [step.input, step.output, step.forgetting, step.candidate];
      gates[t] = factors.map((factor, g) => e.mul(g === 1 ? ofState : ofCell, factor)) as PerGate;
      if (t === 0) break;
      ofState = gates[t]!.reduce<string | null>(
        (sum, name, g) => affine(e, weights[g]!, { name, shape }, sum),
        incoming[t - 1]!,
      )!;
      ofLater = e.mul(ofCell, step.forget);
    }
    const time = (names: readonly string[], height: number): Emitted => acrossTime(e, names, height, size);
    const read = time(
      Array.from({ length: steps }, (_, t) => at(t).read),
      inputs + 1 + hidden,
    );
    const all = activations.map((_, g) =>
      time(
        gates.map((step) => step[g]!),
        hidden,
      ),
    );
    const sum = e.op(
      'Concat',
      all.map((gate) => overTime(e, read, gate)),
      { axis: 2 },
    );
    const [dw, db, dr] = e.split(sum, 1, [inputs, 1, hidden]) as [string, string, string];
    return [needed[0] ? inputGradient(e, x, w, all, size) : null, dw, dr, e.reshape(db, b.shape)];
  },
};
