/** Designs worth a look by the models of several objectives. */
import type { Random } from '../math/random.ts';
import { indicesOfSmallest } from '../math/select.ts';
import { crossDesigns } from '../spaces/crossover.ts';
import type { Design } from '../spaces/space.ts';
import { drawNew, isListed, keysOf, mutateNew, type TakenKeys } from './candidates.ts';
import { frontPortfolio } from './front-portfolio.ts';
import { designKey } from './history.ts';
import type { ObjectiveModel } from './objective-model.ts';
import type { ProposerSetup } from './proposer.ts';

/** Designs drawn at random, children of the front, and what the bank recommends. */
const DRAWN = 150;
const CHILDREN = 200;
const OF_BANK = 20;
/** Trade-offs at which listed designs are sorted by a first look, and how many each adds. */
const TRADE_OFFS = 8;
const PER_TRADE_OFF = 75;
/** Draws in place of listed designs. */
const UNLISTED = 400;

export interface FrontPool {
  readonly designs: readonly Design[];
  /** So many of them, the first, were not picked for anything. */
  readonly typical: number;
}

/** New designs, each once. `front` are the designs that nothing known dominates. */
export function frontPool(
  setup: ProposerSetup,
  models: readonly ObjectiveModel[],
  front: readonly Design[],
  taken: TakenKeys,
  random: Random,
): FrontPool {
  const open = setup.candidates && openPlaces(setup.candidates, taken);
  if (open && open.length <= DRAWN + CHILDREN + TRADE_OFFS * PER_TRADE_OFF)
    return { designs: open.map((i) => setup.candidates![i]!), typical: open.length };
  const found = new Map<string, Design>();
  const closed = { has: (key: string) => taken.has(key) || found.has(key) };
  const add = (design: Design) => {
    const key = designKey(design);
    if (!closed.has(key) && isListed(setup, key)) found.set(key, design);
  };
  const draw = (count: number) => {
    for (let i = 0; i < count; i++) {
      const design = drawNew(setup, closed, random);
      // One that finds nothing took many tries, and so would the next.
      if (!design) return;
      found.set(designKey(design), design);
    }
  };
  draw(DRAWN);
  const typical = found.size;
  const parent = () => front[random.integer(front.length)]!;
  for (let i = 0; i < CHILDREN; i++) {
    const mutated = i % 2 === 0 && mutateNew(setup, parent(), closed, random);
    add(mutated ? mutated.design : crossDesigns(setup.space, parent(), parent(), random));
  }
  for (const design of frontPortfolio(setup, OF_BANK)) add(design);
  if (open) for (const i of glanced(models, open, random)) add(setup.candidates![i]!);
  else draw(UNLISTED);
  return { designs: [...found.values()], typical };
}

/** Indices of the listed designs that are not taken. */
function openPlaces(candidates: readonly Design[], taken: TakenKeys): number[] {
  const { indexOf } = keysOf(candidates);
  const closed = new Uint8Array(candidates.length);
  for (const key of taken.keys()) {
    const i = indexOf.get(key);
    if (i !== undefined) closed[i] = 1;
  }
  const open: number[] = [];
  for (let i = 0; i < closed.length; i++) if (closed[i] === 0) open.push(i);
  return open;
}

/** Of `open`, the best by weighted sums of what a first look expects of each objective, weights drawn evenly. */
function glanced(models: readonly ObjectiveModel[], open: readonly number[], random: Random): Set<number> {
  const looks = models.flatMap((model) => {
    const values = model.glance();
    return values ? [{ values, scale: 1 / deviationOf(values) }] : [];
  });
  const chosen = new Set<number>();
  for (let t = 0; t < TRADE_OFFS && looks.length > 0; t++) {
    // Exponential variables as shares are even over all trade-offs.
    const weights = looks.map(({ scale }) => -Math.log(1 - random.uniform()) * scale);
    const sums = new Float64Array(looks[0]!.values.length);
    looks.forEach(({ values }, k) => {
      for (let i = 0; i < sums.length; i++) sums[i]! += weights[k]! * values[i]!;
    });
    for (const i of indicesOfSmallest(sums, open, PER_TRADE_OFF)) chosen.add(i);
  }
  return chosen;
}

function deviationOf(values: Float64Array): number {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length) || 1;
}
