/** Designs that a model of the search's own trials expects most of (`core/proposers/bank-led.ts`, without its bank). */
import { bankLed } from '../proposers/bank-led.ts';
import type { Evaluated, ProposerSetup } from '../proposers/proposer.ts';
import type { Decision, Design, Space } from '../spaces/space.ts';
import { fitToTime } from './fit-to-time.ts';
import { fidelity, withoutFidelity } from './plan.ts';
import { coreSeconds, propose, roomFor, type SearchState, type Step } from './search-state.ts';
import type { AskFacts } from './strategy.ts';

/** Proposals looked at: some are known in another fidelity, some do not fit. */
const LOOKED_AT = 6;

/** The space as random designs see it, without decisions on how long a design trains. */
function modelledSpace(space: Space): Space {
  const prune = (decisions: readonly Decision[]): Decision[] =>
    decisions
      .filter(({ name }) => !fidelity.includes(name))
      .map((decision) => {
        if (decision.kind === 'range') return decision;
        const options = decision.options
          .filter(({ weight }) => weight !== 0)
          .map(({ opens, ...option }) => (opens ? { ...option, opens: prune(opens) } : option));
        return { ...decision, options };
      });
  return { ...space, decisions: prune(space.decisions) };
}

/** The best of what the model expects most of that is new and fits. */
export function fromModel(state: SearchState, space: Space, facts: AskFacts): Step {
  const limit = Math.min(roomFor(state, facts), Math.max(3, 0.2 * coreSeconds(state.setup)));
  for (const design of modelledDesigns(state, space)) {
    const fitted = fitToTime(design, limit, state.setup, state.corrections);
    const made = fitted && propose(state, space, fitted.design, 'predictor', fitted.seconds, limit);
    if (made) return made;
  }
  return { state, proposal: null };
}

/** Up to a few new designs, best first; none before there are trials enough for a model. */
function modelledDesigns(state: SearchState, space: Space): Design[] {
  const evaluated = Object.values(state.known).flatMap(({ design, state: ended, loss }): Evaluated[] => {
    if (ended === null || design.learner === 'baseline') return [];
    return [{ design: withoutFidelity(design), losses: loss === null ? null : [loss] }];
  });
  const seed = state.setup.seed + evaluated.length;
  const setup: ProposerSetup = { space: modelledSpace(space), seed, bank: [], objectives: 1 };
  const told = bankLed.tell(setup, bankLed.init(setup), evaluated);
  const { proposed } = bankLed.ask(setup, told, LOOKED_AT);
  return proposed.filter(({ origin }) => origin === 'predictor').map(({ design }) => design);
}
