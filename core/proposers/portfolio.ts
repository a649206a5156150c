/**
 * The designs of a warm start: a few that together do well on all tasks of the bank, then the best on average. Scores as
 * they were measured and scores with less of what options do not explain take turns: which of them a task follows is not
 * known beforehand.
 */
import type { DesignRows } from '../predictors/design-kernel.ts';
import type { Design } from '../spaces/space.ts';
import { type ListedDesigns, searchSpaceOf } from './candidates.ts';
import type { ProposerSetup } from './proposer.ts';

/** Designs in the longest portfolio, and those of them that are chosen to complement each other. */
const MOST = 400;
const COVERING = 20;

const cache = new WeakMap<ListedDesigns, readonly Design[]>();

/** Up to `count` designs that the bank recommends; none from an empty bank. */
export function bankPortfolio(setup: ProposerSetup, count: number): readonly Design[] {
  if (setup.bank.length === 0) return [];
  const { recommended } = searchSpaceOf(setup);
  let portfolio = cache.get(recommended);
  if (!portfolio) {
    const { rows, measured, byBank } = recommended;
    const [likely, seen] = [cover(rows), cover(measured)];
    const turns = likely.flatMap((design, i) => [design, seen[i] ?? design]);
    const chosen = new Set([...turns, ...byBank.slice(0, MOST)]);
    portfolio = Array.from(chosen, (i) => recommended.designs[i]!);
    cache.set(recommended, portfolio);
  }
  return portfolio.slice(0, count);
}

/** Greedy: each next design is the one that raises the sum over tasks of the best score so far the most. */
function cover(rows: DesignRows): number[] {
  const { tasks, bank } = rows;
  const best = new Float64Array(tasks);
  const chosen: number[] = [];
  while (chosen.length < Math.min(COVERING, rows.count)) {
    let most = 0;
    let pick = -1;
    for (let i = 0; i < rows.count; i++) {
      let gain = 0;
      for (let t = 0; t < tasks; t++) gain += Math.max(0, best[t]! - bank[i * tasks + t]!);
      if (gain > most) {
        most = gain;
        pick = i;
      }
    }
    if (pick < 0) break;
    chosen.push(pick);
    for (let t = 0; t < tasks; t++) best[t] = Math.min(best[t]!, bank[pick * tasks + t]!);
  }
  return chosen;
}
