/** Gated linear units (Dauphin and others 2017; Shazeer 2020): one half of the features opens or closes the other. */
import type { NetworkBuilder, Value } from '../ir/network.ts';
import { ShapeError, showShape } from '../ir/shape.ts';

/** What the gate goes through: GLU, ReGLU, GEGLU and SwiGLU. */
const gates = { glu: 'sigmoid', reglu: 'relu', geglu: 'gelu', swiglu: 'silu' } as const;
export type GatedName = keyof typeof gates;

export const isGated = (name: string): name is GatedName => name in gates;

/** x [..., 2F] as activation(first half) · second half, [..., F]. */
export function gated(net: NetworkBuilder, kind: GatedName, x: Value): Value {
  const width = x.shape.at(-1);
  if (typeof width !== 'number' || width % 2 !== 0) throw new ShapeError(`${showShape(x.shape)} has no two halves.`);
  const half = (start: number): Value => net.apply('slice', [x], { axis: -1, start, end: start + width / 2 });
  return net.apply('mul', [net.apply(gates[kind], [half(0)]), half(width / 2)]);
}
