/** Every proposer by name. */
import { asha } from './asha.ts';
import { bankLed } from './bank-led.ts';
import { evolution } from './evolution.ts';
import { halving } from './halving.ts';
import { hyperband } from './hyperband.ts';
import { mcts } from './mcts.ts';
import { nsga2 } from './nsga2.ts';
import { pareto } from './pareto.ts';
import type { Proposer } from './proposer.ts';
import { randomProposer } from './random.ts';
import { tpe } from './tpe.ts';

/** For one loss. */
export const proposers: readonly Proposer[] = [randomProposer, evolution, tpe, mcts, bankLed];
/** For several losses that are traded off. */
export const frontProposers: readonly Proposer[] = [randomProposer, nsga2, pareto];
/** For one loss that a shorter training hints at. */
export const fidelityProposers: readonly Proposer[] = [halving, asha, hyperband];

export const allProposers: readonly Proposer[] = [...new Set([...proposers, ...frontProposers, ...fidelityProposers])];

/** @throws RangeError that lists the names when there is no such proposer */
export function proposerNamed(name: string): Proposer {
  const found = allProposers.find((proposer) => proposer.name === name);
  if (!found) throw new RangeError(`No strategy "${name}": ${allProposers.map((p) => p.name).join(', ')}.`);
  return found;
}
