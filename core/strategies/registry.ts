/** Every strategy by name. */
import { defaultStrategy, predictorStrategy } from './default.ts';
import { randomStrategy } from './random.ts';
import type { Strategy } from './strategy.ts';

export const strategies: readonly Strategy[] = [defaultStrategy, predictorStrategy, randomStrategy];

/** Throws a RangeError for a name that no strategy has. */
export function strategyNamed(name: string): Strategy {
  const found = strategies.find((strategy) => strategy.name === name);
  if (!found) throw new RangeError(`There is no strategy named ${name}.`);
  return found;
}
