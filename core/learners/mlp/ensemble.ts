/**
 * TabM-mini (Gorishniy, Kotelnikov and Babenko 2024, arXiv 2410.24210): networks that share all but a factor per input
 * and their heads. Between the two the members' rows stand below each other, [K, M·N, F], so that what they share stays
 * one product. All members of a network see the same batches.
 */
import type { Init, NetworkBuilder, Value } from '../../ir/network.ts';
import { multipleOf } from '../../ir/shape.ts';
import { sizeOf } from '../../layers/axis.ts';

/** Inputs of the first layer, [K, N, F]. */
export interface InputPart {
  readonly value: Value;
  /** Neighbouring numbers that stand for one column. */
  readonly each: number;
}

export function joined(net: NetworkBuilder, parts: readonly InputPart[]): Value {
  const values = parts.map(({ value }) => value);
  return values.length === 1 ? values[0]! : net.apply('concat', values, { axis: 2 });
}

/** The inputs times factors of each member, [K, M·N, F]. */
export function spreadOverMembers(net: NetworkBuilder, parts: readonly InputPart[], members: number): Value {
  const factors = parts.map(({ value, each }, i) => {
    // A member starts with one factor for all numbers of an embedded column, and with a sign for a column of one number.
    const start: Init = each === 1 ? { kind: 'signs' } : { kind: 'normal', deviation: 1, each };
    // They learn about as fast as hidden weights; decay would take the inputs away.
    return net.parameter(`factors${i}`, ['K', members, 1, sizeOf(value, -1)], start, { rate: 0.1, decay: 0 });
  });
  const inputs = joined(net, parts);
  const width = sizeOf(inputs, -1);
  const one = net.apply('reshape', [inputs], { shape: ['K', 1, 'N', width] });
  const all = factors.length === 1 ? factors[0]! : net.apply('concat', factors, { axis: 3 });
  return net.apply('reshape', [net.apply('mul', [one, all])], { shape: ['K', multipleOf(members, 'N'), width] });
}

/** Rows [K, M·N, F] by member, [K, M, N, F]. */
export function membersApart(net: NetworkBuilder, rows: Value, members: number): Value {
  return net.apply('reshape', [rows], { shape: ['K', members, 'N', sizeOf(rows, -1)] });
}

/** Answers [K, M, N, C] averaged, [K, N, C]. */
export function meanOverMembers(net: NetworkBuilder, answers: Value): Value {
  const mean = net.apply('reduce-mean', [answers], { axes: [1] });
  return net.apply('reshape', [mean], { shape: ['K', 'N', sizeOf(answers, -1)] });
}

/**
 * Operands of a loss whose mean over rows is the mean of the members' losses, never the loss of their mean: values
 * [K, M, N, C] and what they are held against, [K, N, ..], each as [K, M·N, ..].
 */
export function allMembers(net: NetworkBuilder, values: Value, others: readonly Value[]): Value[] {
  const members = sizeOf(values, 1);
  const repeated = others.map((x) => {
    const width = sizeOf(x, -1);
    const one = net.apply('reshape', [x], { shape: ['K', 1, 'N', width] });
    return net.apply('expand', [one, x], { shape: ['K', members, 'N', width] });
  });
  return [values, ...repeated].map((x) =>
    net.apply('reshape', [x], { shape: ['K', multipleOf(members, 'N'), sizeOf(x, -1)] }),
  );
}
