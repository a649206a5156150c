/** Shared by arithmetic on two broadcast operands. */
import { broadcast } from '../ir/shape.ts';
import { broadcastLayouts } from './blocked.ts';
import type { Emitter } from './emitter.ts';
import { type GradientCall, type Operator, outputCost, rowByRow } from './operator.ts';

type Call = GradientCall<Record<string, never>>;

export interface BinaryRule {
  readonly name: string;
  readonly node: string;
  /** Gradients of the two operands in the output's shape, before broadcasting is undone. */
  left(e: Emitter, call: Call): string;
  right(e: Emitter, call: Call): string;
}

export function binary(rule: BinaryRule): Operator<Record<string, never>> {
  return {
    name: rule.name,
    shape: ([a, b]) => broadcast(a!, b!),
    cost: outputCost,
    layouts: broadcastLayouts,
    emit: (e, [a, b]) => ({ output: e.op(rule.node, [a!.name, b!.name]) }),
    gradient: (e, call) => {
      const [a, b] = call.inputs;
      const { shape } = call.output;
      return [
        call.needed[0] ? e.sumTo(rule.left(e, call), shape, a!.shape) : null,
        call.needed[1] ? e.sumTo(rule.right(e, call), shape, b!.shape) : null,
      ];
    },
    live: rowByRow,
  };
}
