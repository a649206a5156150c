/** The description that travels inside an exported file. */
import type { ModelMetadata } from '../contracts/result.ts';
import { type Preparation, tensorOf } from '../prep/preparation.ts';

/** Categories listed per column; a form offers these and free text. */
const MAX_LISTED = 200;

/** Inputs of the graph with what a form needs: types, ranges, typical values, categories. */
export function describeColumns(preparation: Preparation): ModelMetadata['columns'] {
  return preparation.columns.map((plan) => {
    const base = { input: plan.input, name: plan.name, type: plan.type, tensor: tensorOf(plan), typical: plan.typical };
    if (plan.kind === 'number') return { ...base, min: plan.min, max: plan.max };
    if (plan.kind === 'string' && plan.categories) return { ...base, categories: plan.categories.slice(0, MAX_LISTED) };
    return base;
  });
}
