/** Every proposer by name. */
import { bankLed } from './bank-led.ts';
import { evolution } from './evolution.ts';
import type { Proposer } from './proposer.ts';
import { randomProposer } from './random.ts';
import { tpe } from './tpe.ts';

export const proposers: readonly Proposer[] = [randomProposer, evolution, tpe, bankLed];

/** @throws RangeError that lists the names when there is no such proposer */
export function proposerNamed(name: string): Proposer {
  const found = proposers.find((proposer) => proposer.name === name);
  if (!found) throw new RangeError(`No strategy "${name}": ${proposers.map((p) => p.name).join(', ')}.`);
  return found;
}
