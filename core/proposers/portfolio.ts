/** The designs of a warm start: good on average over the bank's tasks, then the winners of each in turn. */
import type { Design } from '../spaces/space.ts';
import { searchSpaceOf } from './candidates.ts';
import type { ProposerSetup } from './proposer.ts';

/** Designs in the longest portfolio. */
const MOST = 400;

const cache = new WeakMap<ProposerSetup, readonly Design[]>();

/** Up to `count` designs that the bank recommends; none from an empty bank. */
export function bankPortfolio(setup: ProposerSetup, count: number): readonly Design[] {
  const known = cache.get(setup);
  if (known) return known.slice(0, count);
  if (setup.bank.length === 0) return [];
  const { rows, designs, byBank: byMean } = searchSpaceOf(setup).recommended;
  const { tasks } = rows;
  const most = Math.min(rows.count, MOST);
  const best = (score: (i: number) => number) => {
    const scores = Float64Array.from({ length: rows.count }, (_, i) => score(i));
    return Array.from(scores.keys()).sort((a, b) => scores[a]! - scores[b]!);
  };
  const byTask = Array.from({ length: Math.min(tasks, MOST) }, (_, t) =>
    best((i) => rows.bank[i * tasks + t]!).slice(0, most),
  );
  const chosen = new Set<number>();
  const at = new Int32Array(byTask.length + 1);
  for (let k = 0; chosen.size < most; k++) {
    // Alternately one of the best by mean, and the best of one task that is not in yet.
    const which = k % 2 === 0 ? byTask.length : (k >> 1) % byTask.length;
    const order = which === byTask.length ? byMean : byTask[which]!;
    while (at[which]! < order.length && chosen.has(order[at[which]!]!)) at[which]!++;
    if (at[which]! < order.length) chosen.add(order[at[which]!]!);
  }
  const portfolio = Array.from(chosen, (i) => designs[i]!);
  cache.set(setup, portfolio);
  return portfolio.slice(0, count);
}
