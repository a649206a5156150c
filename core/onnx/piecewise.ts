/** A piecewise linear function as graph nodes: one ramp from 0 to 1 between neighbouring knots, weighed by its rise. */
import type { Piecewise } from '../math/piecewise.ts';
import type { GraphBuilder } from './builder.ts';

/**
 * @param value name of a float32 tensor [N, 1]
 * @returns name of a float32 tensor [N, 1]; [1, 1] where the function is constant
 */
export function emitPiecewise(graph: GraphBuilder, { x, y }: Piecewise, value: string): string {
  const ramps = x.length - 1;
  if (ramps === 0) return graph.float32(y, [1, 1]);
  const slopes = Array.from({ length: ramps }, (_, k) => 1 / (x[k + 1]! - x[k]!));
  const rises = Array.from({ length: ramps }, (_, k) => y[k + 1]! - y[k]!);
  const shifted = graph.node('Sub', [value, graph.float32(x.slice(0, -1), [1, ramps])]);
  const scaled = graph.node('Mul', [shifted, graph.float32(slopes, [1, ramps])]);
  const ramp = graph.node('Clip', [scaled, graph.float32(0), graph.float32(1)]);
  return graph.node('Add', [graph.node('MatMul', [ramp, graph.float32(rises, [ramps, 1])]), graph.float32(y[0]!)]);
}
