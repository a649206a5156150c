/** Mixup (Zhang and others 2018): rows are mixed with others of their batch, inputs and targets by the same share. */
import type { Shape } from '../ir/shape.ts';
import { Random } from '../math/random.ts';
import type { Emitter } from '../ops/emitter.ts';

/** `x` [K, N, ...] of a step, every row mixed with the next of the batch; `share` [K] is what stays of the row itself. */
export function emitMixup(e: Emitter, x: string, shape: Shape, share: string): string {
  const [members, rows] = shape as readonly number[];
  const int = (v: number) => e.graph.int64([v]);
  const part = (from: number, to: number): string => e.op('Slice', [x, int(from), int(to), int(1)]);
  const next = e.op('Concat', [part(1, rows!), part(0, 1)], { axis: 1 });
  const away = e.reshape(e.sub(e.scalar(1), share), [members!, ...shape.slice(1).map(() => 1)]);
  return e.add(x, e.mul(e.sub(next, x), away));
}

/** The share of step `t` for a member's seed: Beta(alpha, alpha), by Jöhnk (1964), at least 1/2 as the larger part is the row itself. */
export function mixupShare(alpha: number, seed: number, t: number): number {
  const random = new Random(new Random(seed).uint32() + (t + 1) * 0x1_0000_0000);
  for (;;) {
    const [a, b] = [random.uniform() ** (1 / alpha), random.uniform() ** (1 / alpha)];
    if (a + b <= 1 && a + b > 0) return Math.max(a, b) / (a + b);
  }
}
