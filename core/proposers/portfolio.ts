/** The first designs of a warm start: good on average over the bank's tasks, then the winners of each in turn. */
import { bankMean } from '../predictors/design-kernel.ts';
import type { Design } from '../spaces/space.ts';
import { searchSpaceOf } from './candidates.ts';
import type { ProposerSetup } from './proposer.ts';

/** Designs in the longest portfolio. */
const MOST = 400;

const cache = new WeakMap<ProposerSetup, readonly Design[]>();

/** Up to `count` listed designs; none from an empty bank or where designs are not listed. */
export function bankPortfolio(setup: ProposerSetup, count: number): readonly Design[] {
  const known = cache.get(setup);
  if (known) return known.slice(0, count);
  const { listed } = searchSpaceOf(setup);
  if (!listed || setup.bank.length === 0) return [];
  const { rows, designs } = listed;
  const { tasks } = rows;
  const mean = Float64Array.from({ length: rows.count }, (_, i) => bankMean(rows, i));
  const chosen = new Set<number>();
  const byMean = Array.from(mean.keys()).sort((a, b) => mean[a]! - mean[b]!);
  const orders = Array.from({ length: tasks }, (_, t) =>
    Array.from(mean.keys()).sort((a, b) => rows.bank[a * tasks + t]! - rows.bank[b * tasks + t]!),
  );
  const most = Math.min(rows.count, MOST);
  const at = new Int32Array(tasks + 1);
  for (let k = 0; chosen.size < most; k++) {
    // Alternately one of the best by mean, and the best of one task that is not in yet.
    const which = k % 2 === 0 ? tasks : (k >> 1) % tasks;
    const order = which === tasks ? byMean : orders[which]!;
    while (chosen.has(order[at[which]!]!)) at[which]!++;
    chosen.add(order[at[which]!]!);
  }
  const portfolio = Array.from(chosen, (i) => designs[i]!);
  cache.set(setup, portfolio);
  return portfolio.slice(0, count);
}
