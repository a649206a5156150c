/** Designs that earlier tasks suggest for this one, and the evidence to show. */
import { bankPortfolio, priorChanges } from '#core/bank/portfolio.ts';
import type { PriorEvidence } from '#core/contracts/views.ts';
import { portfolioFor } from '#core/learners/portfolio.ts';
import { hashDesign } from '#core/spaces/identity.ts';
import { checkDesign, completeDesign } from '#core/spaces/space.ts';
import { withoutFidelity } from '#core/strategies/plan.ts';
import type { SearchSetup } from '#core/strategies/strategy.ts';
import type { Services } from '../context.ts';
import type { SearchRowData } from '../search/clock.ts';
import { spaceOf, type TaskSetup } from '../search/prepared.ts';
import { asBankTask, bankEvidence } from './evidence.ts';

/** Designs that the bank may put into one search. */
const maxDesigns = 4;

export interface Suggestion {
  readonly suggestions: SearchSetup['prior'];
  /** Null with the prior off, or when the bank has nothing to say. */
  readonly evidence: PriorEvidence | null;
}

/** @param searchSeconds of the search phase: decides which designs the portfolio holds without the bank */
export async function suggestFromBank(
  ctx: Services,
  search: SearchRowData,
  setup: TaskSetup,
  searchSeconds: number,
): Promise<Suggestion> {
  if (search.request.prior === 'off') return { suggestions: [], evidence: null };
  const space = spaceOf(search);
  const tasks = (await bankEvidence(ctx, search)).map(asBankTask).map((task) => ({
    ...task,
    trials: task.trials.flatMap((trial) => {
      // What this task's space does not offer (another scale of the target, an older space) is no suggestion here.
      const design = completeDesign(space, withoutFidelity(trial.design));
      if (checkDesign(space, design).length > 0) return [];
      return [{ ...trial, design, hash: hashDesign(space, design), learner: String(design.learner) }];
    }),
  }));
  const { designs, tasks: leaned } = bankPortfolio(setup.metaFeatures, tasks, maxDesigns);
  if (designs.length === 0) return { suggestions: [], evidence: null };
  const without = portfolioFor(setup.rows, setup.classes, searchSeconds, setup);
  const first = designs[0]?.design ?? {};
  // Compared with the portfolio's own entry of the same learner: that is what the suggestion stands beside.
  const before = without.find(({ design }) => design.learner === first.learner)?.design ?? {};
  return {
    suggestions: designs.map(({ design, reason }) => ({ design, reason })),
    evidence: {
      tasks: leaned.map(({ id, name, weight, reason }) => ({ id, name, weight, reason })),
      changes: priorChanges(before, first),
    },
  };
}
