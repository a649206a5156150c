/** What a network ends in: its loss against targets, and predictions. */
import type { NetworkBuilder, Value } from '../ir/network.ts';
import { sizeOf } from '../layers/axis.ts';

export interface ClassifyOptions {
  /** Share of every target that goes evenly to all classes (Szegedy and others 2016). */
  readonly smoothing?: number;
  /** Whether rows count by an input `weight` [K, N, 1]; their mean should be 1. */
  readonly weighted?: boolean;
}

/**
 * Ends a network in `logits` [K, N, C]: adds the input `y` [K, N, C] of class probabilities and the outputs `loss` (mean
 * cross-entropy, [K]), `logits` and `prediction` (probabilities).
 */
export function classify(net: NetworkBuilder, logits: Value, options: ClassifyOptions = {}): void {
  const { smoothing = 0, weighted = false } = options;
  const [, rows] = logits.shape;
  const targets = net.input('y', ['K', rows!, sizeOf(logits, -1)]);
  const weights = weighted ? [net.input('weight', ['K', rows!, 1])] : [];
  net.output('loss', net.apply('cross-entropy', [logits, targets, ...weights], { smoothing }));
  net.output('logits', logits);
  net.output('prediction', net.apply('softmax', [logits]));
}

/** Ends a network in values [K, N, H]: adds the input `y` [K, N, H] and the outputs `loss` (mean square, [K]) and `prediction`. */
export function regress(net: NetworkBuilder, values: Value): void {
  const width = sizeOf(values, -1);
  const targets = net.input('y', ['K', values.shape[1]!, width]);
  const sum = net.apply('mse', [values, targets]);
  net.output('loss', width === 1 ? sum : net.apply('scale', [sum], { factor: 1 / width }));
  net.output('prediction', values);
}
