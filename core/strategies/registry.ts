/** Every strategy by name. */
import type { StrategyName } from '../contracts/task.ts';
import { defaultStrategy, predictorStrategy } from './default.ts';
import { randomStrategy } from './random.ts';
import type { Strategy } from './strategy.ts';

const byName: Readonly<Record<StrategyName, Strategy>> = {
  default: defaultStrategy,
  predictor: predictorStrategy,
  random: randomStrategy,
};

export const strategies: readonly Strategy[] = Object.values(byName);

/** Throws a RangeError for a name that no strategy has. */
export function strategyNamed(name: string): Strategy {
  const found = strategies.find((strategy) => strategy.name === name);
  if (!found) throw new RangeError(`There is no strategy named ${name}.`);
  return found;
}
