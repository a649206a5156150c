import { ShapeError } from '../ir/shape.ts';
import type { Emitter } from './emitter.ts';
import { loss } from './loss.ts';
import type { Operator } from './operator.ts';

export type QuantileAttributes = { quantiles: readonly number[] };

const below = (e: Emitter, quantiles: readonly number[]): string =>
  e.constant(
    quantiles.map((q) => 1 - q),
    [quantiles.length],
  );

const rule = loss<QuantileAttributes>({
  name: 'quantile',
  // With r = target - prediction: q·r above, (q - 1)·r below, that is max(r, 0) - (1 - q)·r.
  terms: (e, prediction, target, { quantiles }) => {
    const rest = e.sub(target.name, prediction.name);
    return { terms: e.sub(e.op('Relu', [rest]), e.mul(rest, below(e, quantiles))), saved: [rest] };
  },
  derivative: (e, _prediction, _target, [rest], { quantiles }) => e.sub(below(e, quantiles), e.positive(rest!)),
});

/** Pinball loss of one prediction per quantile, summed over them (Koenker and Bassett 1978); the target repeats along the last axis. */
export const quantile: Operator<QuantileAttributes> = {
  ...rule,
  shape: (inputs, attributes) => {
    const { quantiles } = attributes;
    if (quantiles.length !== inputs[0]!.at(-1) || quantiles.some((q) => !(q > 0 && q < 1))) {
      throw new ShapeError(`Quantiles ${quantiles.join(', ')} do not fit ${inputs[0]!.at(-1)} predictions.`);
    }
    return rule.shape(inputs, attributes);
  },
};
