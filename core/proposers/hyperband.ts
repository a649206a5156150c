/**
 * Hyperband (Li, Jamieson, DeSalvo, Rostamizadeh and Talwalkar 2018, arXiv 1603.06560): brackets of successive halving
 * from the least training to the full one, each worth about the same, since nobody knows which fidelity tells enough.
 */
import { bracketed } from './brackets.ts';

export const hyperband = bracketed('hyperband', (fidelities) =>
  fidelities.map((fidelity, first) => {
    const rungs = fidelities.length - first;
    return { first, size: Math.ceil(((fidelities.length / rungs) * fidelities.at(-1)!) / fidelity - 1e-9) };
  }),
);
