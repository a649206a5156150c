/** The designs of a warm start with several objectives: a front of what the bank's tasks think on average. */
import { hypervolumeGain } from '../math/hypervolume.ts';
import { firstFront } from '../math/pareto.ts';
import { bankMean } from '../predictors/design-kernel.ts';
import type { Design } from '../spaces/space.ts';
import { type ListedDesigns, searchSpaceOf } from './candidates.ts';
import { freeLossesOf, setupOfObjective, typicalReference } from './objectives.ts';
import { bankPortfolio } from './portfolio.ts';
import type { ProposerSetup } from './proposer.ts';

/** Designs in the longest portfolio. */
const MOST = 20;

const cache = new WeakMap<ListedDesigns, readonly Design[]>();

/** Up to `count` designs that the bank recommends; none from an empty bank. */
export function frontPortfolio(setup: ProposerSetup, count: number): readonly Design[] {
  if (setup.objectives === 1) return bankPortfolio(setup, count);
  if (setup.bank.length === 0) return [];
  const { recommended } = searchSpaceOf(setup);
  let portfolio = cache.get(recommended);
  if (!portfolio) {
    portfolio = spread(bankLosses(setup, recommended)).map((i) => recommended.designs[i]!);
    cache.set(recommended, portfolio);
  }
  return portfolio.slice(0, count);
}

/** Mean losses of the recommended designs over the bank's tasks, as normal scores unless they are free, by objective. */
function bankLosses(setup: ProposerSetup, { designs, rows }: ListedDesigns): Float64Array[] {
  return Array.from({ length: setup.objectives }, (_, k) => {
    const free = setup.free?.[k];
    if (free) return freeLossesOf(free, designs);
    const space = searchSpaceOf(setupOfObjective(setup, k));
    const own = k === 0 ? rows : (space.listed?.rows ?? space.rowsOf(designs));
    return Float64Array.from({ length: designs.length }, (_, i) => bankMean(own, i));
  });
}

/** Greedy: each next point of the front is the one that raises its hypervolume the most. */
function spread(columns: readonly Float64Array[]): number[] {
  const points = Array.from({ length: columns[0]!.length }, (_, i) => columns.map((column) => column[i]!));
  const reference = typicalReference(columns);
  const front = firstFront(points);
  const chosen: number[] = [];
  while (chosen.length < MOST) {
    const sofar = chosen.map((i) => points[i]!);
    const gains = front.map((i) => hypervolumeGain(points[i]!, sofar, reference));
    const most = Math.max(...gains);
    if (!(most > 0)) break;
    chosen.push(front[gains.indexOf(most)]!);
  }
  return chosen;
}
