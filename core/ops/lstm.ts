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

/** `candidate` for the candidate and 1 for the gates, as a row [1, 1, 4H]. */
function columnFactors(e: Emitter, hidden: number, candidate: number): string {
  const list = Float32Array.from({ length: 4 * hidden }, (_, i) => (i < 3 * hidden ? 1 : candidate));
  return e.constant(list, [1, 1, 4 * hidden]);
}

/** What the gradient reuses of a step: all gates after the sigmoid, then the products that its sums are made of. */
const kept = ['gates', 'o', 'f', 'gained', 'squashed', 'state', 'fresh', 'held'] as const;
type Step = Readonly<Record<(typeof kept)[number], string>>;

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997), from a zero state, unrolled over time: x [K or 1, T, N, F],
 * input weights [K, F, 4H], recurrent weights [K, H, 4H] and bias [K, 1, 4H], gates in the order input, output, forget,
 * candidate; all states [K, T, N, H]. Inference uses the ONNX operator.
 */
export const lstm: Operator<Record<string, never>> = {
  name: 'lstm',
  shape: (shapes) => recurrentShape(shapes, 4, [4]),
  cost: ([x], output) => {
    const [members, steps, rows, hidden] = output as [number, number, number, number];
    const states = members * steps * rows * hidden;
    return { macs: states * 4 * (hidden + x![3]!), activationBytes: 4 * 11 * states };
  },
  emit: (e, inputs, output) => {
    const [x, w, r, b] = inputs as [Emitted, Emitted, Emitted, Emitted];
    const [members, hidden] = sizes(r.shape) as [number, number];
    if (e.mode === 'inference') {
      const none = e.constant(new Float32Array(members * 4 * hidden), [members, 1, 4 * hidden]);
      return { output: fused(e, 'LSTM', [x, w, r], [b, { name: none, shape: b.shape }], output) };
    }
    const rows = sizes(output)[2]!;
    // tanh(a) = 2·sigmoid(2a) - 1, so that one Sigmoid serves the candidate too.
    const slope = columnFactors(e, hidden, 2);
    const [sw, sr, sb] = [w, r, b].map((v) => e.mul(v.name, slope)) as [string, string, string];
    const weights = asStep(e, sr, members, hidden, 4 * hidden);
    const pre = project(e, x, sw, sb, [members, 4 * hidden]);
    const shape = stepShape(members, rows, hidden);
    const steps: Step[] = [];
    let cell: string | null = null;
    for (const [t, fromInput] of pre.entries()) {
      const sum = t === 0 ? fromInput : affine(e, { name: steps[t - 1]!.state, shape }, weights, fromInput);
      const gates = e.op('Sigmoid', [sum]);
      const [i, o, f, s] = columns(e, gates, members, quarters(hidden)) as [string, string, string, string];
      // i · (2s - 1)
      const gained = e.mul(i, s);
      const fresh = e.sub(e.add(gained, gained), i);
      const held: string = cell === null ? '' : e.mul(f, cell);
      cell = cell === null ? fresh : e.add(held, fresh);
      const squashed = e.op('Tanh', [cell]);
      steps.push({ gates, o, f, gained, squashed, state: e.mul(o, squashed), fresh, held });
    }
    return {
      output: restack(
        e,
        steps.map((s) => s.state),
        [members, rows, hidden],
      ),
      saved: steps.flatMap((s) => kept.map((name) => s[name])),
    };
  },
  gradient: (e, { inputs, output, saved, gradient, needed }) => {
    const [x, w, r] = inputs as [Emitted, Emitted, Emitted, Emitted];
    const [members, steps, rows, hidden] = sizes(output.shape) as [number, number, number, number];
    const at = (t: number): Step =>
      Object.fromEntries(kept.map((name, i) => [name, saved[kept.length * t + i]!])) as Record<keyof Step, string>;
    // The candidate's gradient lacks the factor 2 of 2s - 1 and that of 2a; whatever multiplies it has both.
    const factors = columnFactors(e, hidden, 4);
    const [backW, backR] = [e.mul(w.name, factors), e.mul(r.name, factors)];
    const weights = asStep(e, backR, members, hidden, 4 * hidden);
    const incoming = unstack(e, { name: gradient, shape: output.shape });
    const wide = stepShape(members, rows, 4 * hidden);
    const sums: string[] = [];
    const one = e.scalar(1);
    let forState: string | null = null;
    let forCell: string | null = null;
    for (let t = steps - 1; t >= 0; t--) {
      const { gates, o, f, gained, squashed, state, fresh, held } = at(t);
      const dh: string = forState === null ? incoming[t]! : e.add(incoming[t]!, forState);
      // o · (1 - squashed²)
      const opened = e.sub(o, e.mul(state, squashed));
      const own = e.mul(dh, opened);
      const dc: string = forCell === null ? own : e.add(own, forCell);
      // Every gate's derivative is gate · (1 - gate), and gate times what it multiplies is at hand.
      const forget =
        held === ''
          ? e.constant(new Float32Array(members * rows * hidden), stepShape(members, rows, hidden))
          : e.mul(dc, held);
      const products = [e.mul(dc, fresh), e.mul(dh, state), forget, e.mul(dc, gained)];
      const sum = e.mul(beside(e, products, members), e.sub(one, gates));
      sums[t] = sum;
      if (t === 0) break;
      forState = through(e, { name: sum, shape: wide }, weights);
      forCell = e.mul(dc, f);
    }
    const all = restack(e, sums, [members, rows, 4 * hidden]);
    const first = e.constant(new Float32Array(members * rows * hidden), stepShape(members, rows, hidden));
    const states = [first, ...Array.from({ length: steps - 1 }, (_, t) => at(t).state)];
    const before = { name: restack(e, states, [members, rows, hidden]), shape: output.shape };
    const g = sequenceGradients(e, x, { name: backW, shape: w.shape }, before, all, all, needed[0]!);
    return [g.x, e.mul(g.w, factors), e.mul(g.r, factors), e.mul(g.b, factors)];
  },
};

const quarters = (hidden: number): number[] => [hidden, hidden, hidden, hidden];
