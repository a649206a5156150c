/** Successive halving (Jamieson and Talwalkar 2016, arXiv 1502.07943): all designs start at the least training. */
import { bracketed } from './brackets.ts';

export const halving = bracketed('halving', (fidelities) => [
  { first: 0, size: Math.ceil(fidelities.at(-1)! / fidelities[0]! - 1e-9) },
]);
