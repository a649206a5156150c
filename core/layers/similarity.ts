/** Losses that compare embeddings, and boxes, with each other. */
import type { NetworkBuilder, Value } from '../ir/network.ts';
import { ShapeError, showShape } from '../ir/shape.ts';

/** Rows of x [K, N, D] at length 1. */
export function unitRows(net: NetworkBuilder, x: Value, epsilon = 1e-12): Value {
  const width = x.shape.at(-1);
  if (typeof width !== 'number') throw new ShapeError(`${showShape(x.shape)} has no width.`);
  const scaled = net.apply('rms-norm', [x], { epsilon });
  return net.apply('scale', [scaled], { factor: 1 / Math.sqrt(width) });
}

/**
 * InfoNCE (van den Oord, Li and Vinyals 2018): every row of a [K, N, D] shall be most like its own row of b among all.
 * `own` is the unit matrix [K, N, N], the targets of the comparison. One loss per member.
 */
export function infoNce(net: NetworkBuilder, a: Value, b: Value, own: Value, temperature: number): Value {
  const columns = net.apply('transpose', [unitRows(net, b)], { perm: [0, 2, 1] });
  const likeness = net.apply('matmul', [unitRows(net, a), columns]);
  const logits = net.apply('scale', [likeness], { factor: 1 / temperature });
  return net.apply('cross-entropy', [logits, own], { smoothing: 0 });
}

const squaredDistance = (net: NetworkBuilder, a: Value, b: Value): Value => {
  const difference = net.apply('sub', [a, b]);
  return net.apply('reduce-sum', [net.apply('mul', [difference, difference])], { axes: [-1] });
};

/**
 * Triplet loss per row, [K, N, 1] (Schroff, Kalenichenko and Philbin 2015): how far the anchor [K, N, D] is from the
 * positive, squared, less how far from the negative, plus `margin` [1, 1, 1], not below 0.
 */
export function triplet(net: NetworkBuilder, anchor: Value, positive: Value, negative: Value, margin: Value): Value {
  const gap = net.apply('sub', [squaredDistance(net, anchor, positive), squaredDistance(net, anchor, negative)]);
  return net.apply('relu', [net.apply('add', [gap, margin])]);
}

/**
 * 1 - generalised intersection over union per row, [K, N, 1] (Rezatofighi and others 2019), of boxes [K, N, 4] given as
 * left, top, right, bottom with positive areas.
 */
export function giou(net: NetworkBuilder, a: Value, b: Value): Value {
  const part = (x: Value, start: number): Value => net.apply('slice', [x], { axis: -1, start, end: start + 2 });
  const area = (low: Value, high: Value): Value => {
    const sides = net.apply('relu', [net.apply('sub', [high, low])]);
    const [w, h] = [0, 1].map((start) => net.apply('slice', [sides], { axis: -1, start, end: start + 1 }));
    return net.apply('mul', [w!, h!]);
  };
  const [lowA, highA, lowB, highB] = [part(a, 0), part(a, 2), part(b, 0), part(b, 2)];
  const inner = area(net.apply('maximum', [lowA, lowB]), net.apply('minimum', [highA, highB]));
  const hull = area(net.apply('minimum', [lowA, lowB]), net.apply('maximum', [highA, highB]));
  const union = net.apply('sub', [net.apply('add', [area(lowA, highA), area(lowB, highB)]), inner]);
  // 1 - inner/union, plus the share of the hull that neither box fills.
  const empty = net.apply('div', [net.apply('sub', [hull, union]), hull]);
  const missed = net.apply('div', [net.apply('sub', [union, inner]), union]);
  return net.apply('add', [missed, empty]);
}
