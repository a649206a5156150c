/** Every learner, by the name that designs and stored bags carry. */
import type { Learner } from '../contracts/learner.ts';
import { screened } from '../screening/screened.ts';
import { baseline } from './baseline.ts';
import { boosting } from './boosting.ts';
import { forest } from './forest.ts';
import { linear } from './linear.ts';
import { mlp } from './mlp.ts';

export const learners: readonly Learner[] = [baseline, ...[linear, boosting, forest, mlp].map(screened)];

/** Throws a RangeError for a name that no learner has. */
export function learnerNamed(name: string): Learner {
  const found = learners.find((learner) => learner.name === name);
  if (!found) throw new RangeError(`There is no learner named ${name}.`);
  return found;
}
