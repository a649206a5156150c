import type { Emitter } from './emitter.ts';
import { loss } from './loss.ts';

/** x^n for x >= 0; whole small powers are products, since Pow is a slow kernel. */
function power(e: Emitter, x: string, n: number): string {
  if (n === 0) return e.scalar(1);
  if (n === 1) return x;
  return n === 2 ? e.mul(x, x) : e.op('Pow', [x, e.scalar(n)]);
}

/**
 * Cross-entropy that counts rows less the surer they are: -sum(target · (1 - p)^gamma · log p) with p = softmax(logits),
 * gamma 0 or at least 1. Lin and others (2017), with soft targets.
 */
export const focal = loss<{ gamma: number }>({
  name: 'focal',
  terms: (e, logits, target, { gamma }) => {
    if (gamma !== 0 && !(gamma >= 1)) throw new RangeError(`Focal loss needs gamma 0 or at least 1, not ${gamma}.`);
    const logs = e.logSoftmax(logits.name);
    // 1 - p from rounding can fall below 0.
    const rest = e.op('Relu', [e.sub(e.scalar(1), e.op('Exp', [logs]))]);
    const terms = e.mul(e.mul(target.name, power(e, rest, gamma)), logs);
    return { terms: e.op('Neg', [e.reduceSum(terms, [2])]), saved: [logs, rest] };
  },
  // With u = target · p · d/dp: u - p · sum(u), the derivative through the softmax.
  derivative: (e, _logits, target, [logs, rest], { gamma }) => {
    const p = e.op('Exp', [logs!]);
    const flat = power(e, rest!, gamma);
    const steep = gamma === 0 ? null : e.mul(e.mul(e.mul(p, logs!), power(e, rest!, gamma - 1)), e.scalar(gamma));
    const u = e.mul(target.name, steep === null ? e.op('Neg', [flat]) : e.sub(steep, flat));
    return e.sub(u, e.mul(p, e.reduceSum(u, [2])));
  },
});
