import { loss } from './loss.ts';

/**
 * 1 - (2·sum(p·t) + smooth) / (sum(p) + sum(t) + smooth) per row with p = sigmoid(logits): overlap of masks, laid out
 * along the last axis (Milletari, Navab and Ahmadi 2016, with plain sums).
 */
export const dice = loss<{ smooth: number }>({
  name: 'dice',
  terms: (e, logits, target, { smooth }) => {
    const p = e.op('Sigmoid', [logits.name]);
    const overlap = e.reduceSum(e.mul(p, target.name), [2]);
    const total = e.add(e.reduceSum(e.add(p, target.name), [2]), e.scalar(smooth));
    const share = e.div(e.add(e.mul(overlap, e.scalar(2)), e.scalar(smooth)), total);
    return { terms: e.sub(e.scalar(1), share), saved: [p, share, total] };
  },
  // d(share)/dp = (2·t - share) / total
  derivative: (e, _logits, target, [p, share, total]) => {
    const perMask = e.div(e.sub(share!, e.mul(target.name, e.scalar(2))), total!);
    return e.mul(perMask, e.mul(p!, e.sub(e.scalar(1), p!)));
  },
});
