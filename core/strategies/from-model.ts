/** Designs that a model of the search's own trials expects most of (`core/proposers/bank-led.ts`, without its bank). */
import { bankLed } from '../proposers/bank-led.ts';
import type { Evaluated, ProposerSetup } from '../proposers/proposer.ts';
import type { Decision, Design, Space } from '../spaces/space.ts';
import { fidelity, withoutFidelity } from './plan.ts';
import type { SearchState } from './search-state.ts';

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

/** Up to a few new designs, best first; none before there are trials enough for a model. */
export function modelledDesigns(state: SearchState, space: Space): Design[] {
  const setup: ProposerSetup = { space: modelledSpace(space), seed: state.setup.seed, bank: [], objectives: 1 };
  const evaluated = Object.values(state.known).flatMap(({ design, state: ended, loss }): Evaluated[] => {
    if (ended === null || design.learner === 'baseline') return [];
    return [{ design: withoutFidelity(design), losses: loss === null ? null : [loss] }];
  });
  const told = bankLed.tell(setup, bankLed.init(setup), evaluated);
  const { proposed } = bankLed.ask(setup, told, LOOKED_AT);
  return proposed.filter(({ origin }) => origin === 'predictor').map(({ design }) => design);
}
