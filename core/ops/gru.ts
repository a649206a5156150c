import { sizes } from '../ir/shape.ts';
import type { Emitter } from './emitter.ts';
import type { Emitted, Operator } from './operator.ts';
import {
  affine,
  asStep,
  beside,
  columns,
  fused,
  project,
  recurrentShape,
  restack,
  sequenceGradients,
  stepShape,
  through,
  unstack,
} from './recurrent.ts';

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
    const rows = sizes(output)[2]!;
    const [wGates, wOwn] = halves(e, w.name, hidden);
    const [bGates, bOwn] = halves(e, b.name, hidden);
    const [rGates, rOwn] = stateWeights(e, r);
    const ownBias = asStep(e, rb.name, members, 1, hidden).name;
    const shape = stepShape(members, rows, hidden);
    const gatesIn = project(e, x, wGates, bGates, [members, 2 * hidden]);
    const freshIn = project(e, x, wOwn, bOwn, [members, hidden]);
    const steps: Step[] = [];
    for (const [t, fromInput] of gatesIn.entries()) {
      const last = t === 0 ? null : { name: steps[t - 1]!.state, shape };
      const gates = e.op('Sigmoid', [last === null ? fromInput : affine(e, last, rGates, fromInput)]);
      const [z, reset] = columns(e, gates, members, [hidden, hidden]) as [string, string];
      const letIn = e.mul(reset, last === null ? ownBias : affine(e, last, rOwn, ownBias));
      const fresh = e.op('Tanh', [e.add(freshIn[t]!, letIn)]);
      // (1 - z)·n + z·h = n + z·(h - n)
      const held = e.mul(z, last === null ? e.op('Neg', [fresh]) : e.sub(last.name, fresh));
      steps.push({ gates, z, reset, letIn, fresh, held, state: e.add(fresh, held) });
    }
    const states = steps.map((s) => s.state);
    return {
      output: restack(e, states, [members, rows, hidden]),
      saved: steps.flatMap((s) => kept.map((name) => s[name])),
    };
  },
  gradient: (e, { inputs, output, saved, gradient, needed }) => {
    const [x, w, r] = inputs as [Emitted, Emitted, Emitted, Emitted, Emitted];
    const [members, steps, rows, hidden] = sizes(output.shape) as [number, number, number, number];
    const at = (t: number): Step =>
      Object.fromEntries(kept.map((name, i) => [name, saved[kept.length * t + i]!])) as Record<keyof Step, string>;
    const [rGates, rOwn] = stateWeights(e, r);
    const incoming = unstack(e, { name: gradient, shape: output.shape });
    const shape = stepShape(members, rows, hidden);
    const [forGates, forFresh, forOwn]: [string[], string[], string[]] = [[], [], []];
    const one = e.scalar(1);
    let forState: string | null = null;
    for (let t = steps - 1; t >= 0; t--) {
      const { gates, z, reset, letIn, fresh, held } = at(t);
      const dh: string = forState === null ? incoming[t]! : e.add(incoming[t]!, forState);
      const passed = e.mul(dh, z);
      const dn = e.mul(e.sub(dh, passed), e.sub(one, e.mul(fresh, fresh)));
      // Every gate's derivative is gate · (1 - gate), and gate times what it multiplies is at hand.
      forGates[t] = e.mul(beside(e, [e.mul(dh, held), e.mul(dn, letIn)], members), e.sub(one, gates));
      forFresh[t] = dn;
      forOwn[t] = e.mul(dn, reset);
      if (t === 0) break;
      const own = { name: forOwn[t]!, shape };
      const gatesSum = { name: forGates[t]!, shape: stepShape(members, rows, 2 * hidden) };
      forState = through(e, own, rOwn, through(e, gatesSum, rGates, passed));
    }
    const stacked = (list: readonly string[], width: number): string => restack(e, list, [members, rows, width]);
    const first = e.constant(new Float32Array(members * rows * hidden), shape);
    const states = [first, ...Array.from({ length: steps - 1 }, (_, t) => at(t).state)];
    const before = { name: stacked(states, hidden), shape: output.shape };
    const [wGates, wOwn] = halves(e, w.name, hidden);
    const [members0, inputCount] = sizes(w.shape) as [number, number];
    const ofWeights = (name: string, width: number): Emitted => ({ name, shape: [members0, inputCount, width] });
    const gates = stacked(forGates, 2 * hidden);
    const g = sequenceGradients(e, x, ofWeights(wGates, 2 * hidden), before, gates, gates, needed[0]!);
    const own = stacked(forOwn, hidden);
    const n = sequenceGradients(e, x, ofWeights(wOwn, hidden), before, stacked(forFresh, hidden), own, needed[0]!);
    const flat = [members, steps * rows, hidden];
    const join = (a: string, b: string): string => e.op('Concat', [a, b], { axis: 2 });
    return [
      g.x === null || n.x === null ? null : e.add(g.x, n.x),
      join(g.w, n.w),
      join(g.r, n.r),
      join(g.b, n.b),
      e.sumTo(e.reshape(own, flat), flat, [members, 1, hidden]),
    ];
  },
};

/** What the gradient reuses of a step. */
const kept = ['gates', 'z', 'reset', 'letIn', 'fresh', 'held', 'state'] as const;
type Step = Readonly<Record<(typeof kept)[number], string>>;

/** Weights or biases [K, ..., 3H] of the two gates and of the candidate. */
const halves = (e: Emitter, x: string, hidden: number): [string, string] =>
  e.split(x, 2, [2 * hidden, hidden]) as [string, string];

function stateWeights(e: Emitter, { name, shape }: Emitted): [Emitted, Emitted] {
  const [members, hidden] = sizes(shape) as [number, number];
  const [gates, own] = halves(e, name, hidden);
  return [asStep(e, gates, members, hidden, 2 * hidden), asStep(e, own, members, hidden, hidden)];
}
