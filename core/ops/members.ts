/** Members one after the other, for kernels that know no member axis. */
import type { Shape } from '../ir/shape.ts';
import type { Emitter } from './emitter.ts';
import type { Emitted } from './operator.ts';

/** Member `k` of `x` [K or 1, ...], without the member axis; where all share one, that. */
export function memberOf(e: Emitter, x: Emitted, k: number): Emitted {
  const shape = x.shape.slice(1);
  const one = x.shape[0] === 1;
  const bounds = () => [[k], [k + 1], [0]].map((v) => e.graph.int64(v));
  return { name: e.reshape(one ? x.name : e.op('Slice', [x.name, ...bounds()]), shape), shape };
}

/** Members below each other again, in `shape` [K, ...]. `parts` have no member axis. */
export function stack(e: Emitter, parts: readonly string[], shape: Shape): string {
  if (parts.length === 1) return e.reshape(parts[0]!, shape);
  const rows = parts.map((p) => e.reshape(p, [1, ...shape.slice(1)]));
  return e.op('Concat', rows, { axis: 0 });
}
