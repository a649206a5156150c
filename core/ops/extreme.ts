/** Shared by the larger and the smaller of two operands. */
import { binary } from './binary.ts';
import type { Emitter } from './emitter.ts';
import type { GradientCall, Operator } from './operator.ts';

type Call = GradientCall<Record<string, never>>;

/** The incoming gradient times 1 where `ahead` > `behind`, 0 where it is less and, so that ties share, 1/2 where both are equal. */
function share(e: Emitter, gradient: string, ahead: string, behind: string): string {
  const difference = e.sub(ahead, behind);
  const sign = e.sub(e.positive(difference), e.positive(e.op('Neg', [difference])));
  return e.mul(gradient, e.mul(e.add(sign, e.scalar(1)), e.scalar(0.5)));
}

/** `node` is ONNX's Max or Min. */
export function extreme(name: string, node: 'Max' | 'Min'): Operator<Record<string, never>> {
  const to = (e: Emitter, { inputs, gradient }: Call, first: boolean): string => {
    const [a, b] = inputs.map((v) => v.name) as [string, string];
    return (node === 'Max') === first ? share(e, gradient, a, b) : share(e, gradient, b, a);
  };
  return binary({ name, node, left: (e, call) => to(e, call, true), right: (e, call) => to(e, call, false) });
}
