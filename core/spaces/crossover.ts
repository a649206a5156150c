/** Children of two designs. */
import type { Random } from '../math/random.ts';
import { type Decision, type Design, type Space, sampleDesign, type Value } from './space.ts';

/**
 * Takes each decision that both parents opened from either with equal chance, and what only the chosen parent opened
 * from that one; decisions that neither decided are drawn.
 */
export function crossDesigns(space: Space, a: Design, b: Design, random: Random): Design {
  const child: Record<string, Value> = {};
  const walk = (decisions: readonly Decision[]) => {
    for (const decision of decisions) {
      const values = [a, b].flatMap((parent) => parent[decision.name] ?? []);
      const value = values[random.integer(values.length)];
      if (value === undefined) continue;
      child[decision.name] = value;
      if (decision.kind === 'choice') walk(decision.options.find((option) => option.value === value)?.opens ?? []);
    }
  };
  walk(space.decisions);
  return sampleDesign(space, random, child);
}
