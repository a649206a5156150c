/** Shared by operators that map every element by itself. */
import type { Shape } from '../ir/shape.ts';
import { keepLayout } from './blocked.ts';
import type { Emitter } from './emitter.ts';
import { type Emission, type Operator, outputCost, rowByRow } from './operator.ts';

export interface UnaryRule {
  readonly name: string;
  emit(e: Emitter, x: string): Emission;
  /** The derivative at each element, from the input, the output and what `emit` saved. */
  derivative(e: Emitter, x: string, y: string, saved: readonly string[], shape: Shape): string;
}

/** An element-by-element operator without attributes: gradient = incoming gradient times the derivative. */
export function unary(rule: UnaryRule): Operator<Record<string, never>> {
  return {
    name: rule.name,
    shape: ([x]): Shape => x!,
    cost: outputCost,
    layouts: keepLayout,
    emit: (e, [x]) => rule.emit(e, x!.name),
    gradient: (e, { inputs, output, saved, gradient }) => [
      e.mul(gradient, rule.derivative(e, inputs[0]!.name, output.name, saved, output.shape)),
    ],
    live: rowByRow,
  };
}
