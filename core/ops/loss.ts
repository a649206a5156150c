/** Shared by losses: predictions [K, B, C] and targets [K, B, C], row weights [K, B, 1], one mean loss per member [K]. */
import { equalShapes, type Shape, ShapeError, showShape, sizes } from '../ir/shape.ts';
import type { Emitter } from './emitter.ts';
import type { Attributes, Emitted, Operator } from './operator.ts';

export interface LossRule<A extends Attributes> {
  readonly name: string;
  /** Loss of every element, or of every row ([K, B, 1]), and what the gradient needs again. */
  terms(e: Emitter, prediction: Emitted, target: Emitted, attributes: A): { terms: string; saved: readonly string[] };
  /** Derivative of a row's loss by its predictions, [K, B, C]. */
  derivative(e: Emitter, prediction: Emitted, target: Emitted, saved: readonly string[], attributes: A): string;
}

/** Mean over rows of (row loss · weight). Without a third input all weights are 1. Targets and weights get no gradient. */
export function loss<A extends Attributes>(rule: LossRule<A>): Operator<A> {
  return {
    name: rule.name,
    shape: ([prediction, target, weights]): Shape => {
      const [members, rows] = prediction!;
      const wanted = [members!, rows!, 1];
      if (
        prediction!.length !== 3 ||
        !equalShapes(prediction!, target!) ||
        (weights && !equalShapes(weights, wanted))
      ) {
        throw new ShapeError(
          `A loss of ${showShape(prediction!)} against ${showShape(target!)} with weights ${weights ? showShape(weights) : 'none'}.`,
        );
      }
      return [members!];
    },
    cost: ([prediction]) => ({ macs: 0, activationBytes: 4 * prediction!.reduce((a, b) => a * b, 1) }),
    emit: (e, [prediction, target, weights], _output, attributes) => {
      const rows = sizes(prediction!.shape)[1]!;
      const { terms, saved } = rule.terms(e, prediction!, target!, attributes);
      const weighted = weights ? e.mul(terms, weights.name) : terms;
      const total = e.op('ReduceSum', [weighted, e.graph.int64([1, 2])], { keepdims: 0 });
      return { output: e.mul(total, e.scalar(1 / rows)), saved };
    },
    gradient: (e, { inputs, saved, gradient, attributes }) => {
      const [prediction, target, weights] = inputs as [Emitted, Emitted, Emitted | undefined];
      const [members, rows] = sizes(prediction.shape) as [number, number];
      const scale = e.reshape(e.mul(gradient, e.scalar(1 / rows)), [members, 1, 1]);
      // A single number would become a factor of the products that read the gradient, which then run otherwise.
      const lone = e.forms.memberwise && members === 1;
      const each = lone ? e.op('Expand', [scale, e.graph.int64(sizes(prediction.shape))]) : scale;
      const perRow = weights ? e.mul(scale, weights.name) : each;
      return [e.mul(rule.derivative(e, prediction, target, saved, attributes), perRow), null, null].slice(
        0,
        inputs.length,
      );
    },
    // Rows without weight, such as the nodes of a graph that are not labelled.
    live: (e, { inputs }) => {
      const [prediction, , weights] = inputs as [Emitted, Emitted, Emitted | undefined];
      const known = weights && e.known(weights.name);
      if (!known) return [];
      const rows = sizes(prediction.shape)[1]!;
      const counts = (row: number): boolean => {
        for (let i = row; i < known.length; i += rows) if (Number(known[i]) !== 0) return true;
        return false;
      };
      return [Array.from({ length: rows }, (_, row) => row).filter(counts)];
    },
  };
}
