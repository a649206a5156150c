import type { Shape } from '../ir/shape.ts';
import { sizes } from '../ir/shape.ts';
import type { Emitter } from './emitter.ts';
import type { Emitted, Operator } from './operator.ts';
import { fused, parts, project, recurrentShape, restack, sequenceGradients, unstack } from './recurrent.ts';

/** 1 for the gates, 2 for the candidate: tanh(a) = 2·sigmoid(2a) - 1, so that one Sigmoid serves all four. */
function slopes(e: Emitter, hidden: number): string {
  return e.constant(
    Float32Array.from({ length: 4 * hidden }, (_, i) => (i < 3 * hidden ? 1 : 2)),
    [1, 1, 4 * hidden],
  );
}

interface Step {
  readonly sigmoid: string;
  readonly cell: string;
  readonly squashed: string;
}

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
    const slope = slopes(e, hidden);
    const [sw, sr, sb] = [w, r, b].map((v) => e.mul(v.name, slope)) as [string, string, string];
    const projected = project(e, x, sw, [members, 4 * hidden]);
    const flatBias = e.reshape(sb, [members, 1, 1, 4 * hidden]);
    const pre = unstack(e, { ...projected, name: e.add(projected.name, flatBias) });
    const states: string[] = [];
    const steps: Step[] = [];
    for (const [t, fromInput] of pre.entries()) {
      const sum = t === 0 ? fromInput : e.add(e.op('MatMul', [states[t - 1]!, sr]), fromInput);
      const sigmoid = e.op('Sigmoid', [sum]);
      const [i, o, f, s] = parts(e, sigmoid, 2, 4, hidden) as [string, string, string, string];
      const fresh = e.mul(i, candidate(e, s));
      const cell = t === 0 ? fresh : e.add(e.mul(f, steps[t - 1]!.cell), fresh);
      const squashed = e.op('Tanh', [cell]);
      states.push(e.mul(o, squashed));
      steps.push({ sigmoid, cell, squashed });
    }
    const shape: Shape = [members, output[2]!, hidden];
    return {
      output: restack(e, states, shape),
      saved: [slope, sr, sw, ...steps.flatMap((s) => [s.sigmoid, s.cell, s.squashed])],
    };
  },
  gradient: (e, { inputs, output, saved, gradient, needed }) => {
    const [x, w, r] = inputs as [Emitted, Emitted, Emitted, Emitted];
    const [members, steps, rows, hidden] = sizes(output.shape) as [number, number, number, number];
    const [slope, sr, sw] = saved as [string, string, string];
    const at = (t: number): Step => {
      const [sigmoid, cell, squashed] = saved.slice(3 + 3 * t, 6 + 3 * t) as [string, string, string];
      return { sigmoid, cell, squashed };
    };
    const incoming = unstack(e, { name: gradient, shape: output.shape });
    const sums: string[] = [];
    let forState: string | null = null;
    let forCell: string | null = null;
    const one = e.scalar(1);
    for (let t = steps - 1; t >= 0; t--) {
      const { sigmoid, squashed } = at(t);
      const [i, o, f, s] = parts(e, sigmoid, 2, 4, hidden) as [string, string, string, string];
      const dh = forState === null ? incoming[t]! : e.add(incoming[t]!, forState);
      const through = e.mul(e.mul(dh, o), e.sub(one, e.mul(squashed, squashed)));
      const dc: string = forCell === null ? through : e.add(through, forCell);
      const forget = t === 0 ? e.mul(dc, e.scalar(0)) : e.mul(dc, at(t - 1).cell);
      const gates = [e.mul(dc, candidate(e, s)), e.mul(dh, squashed), forget, e.mul(e.mul(dc, i), e.scalar(2))];
      const derivative = e.mul(sigmoid, e.sub(one, sigmoid));
      const sum = e.mul(e.op('Concat', gates, { axis: 2 }), derivative);
      sums[t] = sum;
      if (t === 0) break;
      forState = e.matmul({ name: sum, shape: [members, rows, 4 * hidden] }, { name: sr, shape: r.shape }, false, true);
      forCell = e.mul(dc, f);
    }
    const all = restack(e, sums, [members, rows, 4 * hidden]);
    const g = sequenceGradients(e, x, { name: sw, shape: w.shape }, output, all, all, needed[0]!);
    return [g.x, e.mul(g.w, slope), e.mul(g.r, slope), e.mul(g.b, slope)];
  },
};

const candidate = (e: Emitter, sigmoid: string): string => e.sub(e.mul(sigmoid, e.scalar(2)), e.scalar(1));
