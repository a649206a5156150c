/**
 * Monte Carlo tree search over decisions (Negrinho and Gordon 2017, arXiv 1704.08792): upper confidence bounds (UCT;
 * Kocsis and Szepesvári 2006) choose where the tree is known, chance below it. The tree follows from the evaluations.
 */
import { Random } from '../math/random.ts';
import { ranksOf } from '../math/ranks.ts';
import type { Design } from '../spaces/space.ts';
import { drawNew, isListed } from './candidates.ts';
import { descend, type Fork, wayTo, weightsOf } from './decision-tree.ts';
import { designKey, emptyHistory, type History, record } from './history.ts';
import { bankPortfolio } from './portfolio.ts';
import type { Proposed, Proposer, ProposerSetup } from './proposer.ts';

/** Designs of the bank before the tree is asked. */
const PORTFOLIO = 5;
/** How much an unsure branch is favoured, in units of the reward (0 the worst evaluation, 1 the best). */
const EXPLORATION = 0.2;
/** Walks that may end at a design that is known or cannot be evaluated before one is drawn instead. */
const WALKS = 60;

/** A place in the tree, with the places that its ways lead to once they were taken. */
interface Place {
  visits: number;
  reward: number;
  readonly next: (Place | undefined)[];
}

/** Counts one visit along `ways`; the tree grows by the first place that it lacks. */
function visit(root: Place, ways: readonly number[], reward: number): void {
  let at = root;
  for (const way of ways) {
    const next = at.next[way];
    if (!next) {
      at.next[way] = { visits: 1, reward, next: [] };
      return;
    }
    next.visits++;
    next.reward += reward;
    at = next;
  }
}

/** Ranks as rewards, the best near 1; a design that runs or failed earns nothing. */
function treeOf(setup: ProposerSetup, history: History): Place {
  const root: Place = { visits: 0, reward: 0, next: [] };
  const entries = Object.values(history.entries);
  const isDone = (losses: readonly number[] | null | undefined) => Number.isFinite(losses?.[0]);
  const losses = entries.flatMap((entry) => (isDone(entry.losses) ? entry.losses![0]! : []));
  const ranks = ranksOf(losses);
  let at = 0;
  for (const entry of entries) {
    const reward = isDone(entry.losses) ? 1 - (ranks[at++]! - 0.5) / losses.length : 0;
    const ways: number[] = [];
    let place: Place | undefined = root;
    descend(setup.space, (fork) => {
      if (!place) return null;
      const way = wayTo(fork, entry.design[fork.decision.name] ?? fork.decision.fallback);
      ways.push(way);
      place = place.next[way];
      return way;
    });
    visit(root, ways, reward);
  }
  return root;
}

function drawWay(weights: readonly number[], random: Random): number {
  let left = random.uniform() * weights.reduce((sum, w) => sum + w, 0);
  for (let way = 0; way < weights.length; way++) {
    left -= weights[way]!;
    if (left < 0) return way;
  }
  return weights.length - 1;
}

/** A way that was not tried, by chance; else the one with the highest upper confidence bound. */
function chooseWay(place: Place | undefined, fork: Fork, random: Random): number {
  const arms = fork.branches.map((_, way) => place?.next[way]);
  const fresh = weightsOf(fork).map((weight, way) => (arms[way] ? 0 : weight));
  if (fresh.some((weight) => weight > 0)) return drawWay(fresh, random);
  const visits = arms.reduce((sum, arm) => sum + arm!.visits, 0);
  const bounds = arms.map((arm) => arm!.reward / arm!.visits + EXPLORATION * Math.sqrt(Math.log(visits) / arm!.visits));
  return bounds.indexOf(Math.max(...bounds));
}

/** A new design at the end of a walk; walks that lead to none count as visits without reward, so the next goes elsewhere. */
function walkToNew(setup: ProposerSetup, root: Place, isNew: (key: string) => boolean, random: Random): Design | null {
  for (let walk = 0; walk < WALKS; walk++) {
    const ways: number[] = [];
    let place: Place | undefined = root;
    const design = descend(setup.space, (fork) => {
      const way = chooseWay(place, fork, random);
      ways.push(way);
      place = place?.next[way];
      return way;
    });
    visit(root, ways, 0);
    if (design && isNew(designKey(design))) return design;
  }
  return null;
}

export const mcts: Proposer = {
  name: 'mcts',
  init: emptyHistory,
  ask(setup, state, n) {
    const history = state as History;
    const random = new Random(history.random);
    const entries = { ...history.entries };
    const taken = { has: (key: string) => key in entries };
    const isNew = (key: string) => !taken.has(key) && isListed(setup, key);
    const portfolio = bankPortfolio(setup, PORTFOLIO);
    const tree = treeOf(setup, history);
    const proposed: Proposed[] = [];
    while (proposed.length < n) {
      const known =
        Object.keys(entries).length < PORTFOLIO && portfolio.find((design) => !taken.has(designKey(design)));
      const walked = known ? null : walkToNew(setup, tree, isNew, random);
      const design = known || walked || drawNew(setup, taken, random);
      if (!design) break;
      entries[designKey(design)] = { design };
      proposed.push({ design, origin: known ? 'portfolio' : walked ? 'tree' : 'random' });
    }
    return { state: { ...history, random: random.state(), entries }, proposed };
  },
  tell: (_setup, state, evaluated) => record(state as History, evaluated),
};
