import { describe, expect, it } from 'vitest';
import { portfolioFor } from '../learners/portfolio.ts';
import { tabularSpace } from '../spaces/tabular.ts';
import { planOf, withoutFidelity } from './plan.ts';
import { testSetup } from './testing/setup.ts';

const setup = testSetup;
const space = tabularSpace(setup);
const own = portfolioFor(setup.rows, setup.classes, setup.searchSeconds, setup);

describe('the plan of the default', () => {
  it('is the portfolio where the bank says nothing', () => {
    expect(planOf(setup, space).map(({ note }) => note)).toEqual(own.map(({ name }) => name));
  });

  it('brings an entry forward that the bank suggests, however long it trained there, and never tries it twice', () => {
    const known = own.at(-1)!;
    const prior = [
      { design: { ...known.design, epochs: 33, mergeBy: 2 }, reason: 'best on abalone' },
      { design: own[0]!.design, reason: 'best on adult' },
      { design: { learner: 'boosting', leaves: 77 }, reason: 'best on dna' },
      { design: { learner: 'boosting', leaves: 77, rounds: 50 }, reason: 'best on sick' },
    ];
    const plan = planOf({ ...setup, prior }, space);
    expect(plan).toHaveLength(own.length + 1);
    expect(plan.slice(0, 4).every(({ origin }) => origin === 'portfolio')).toBe(true);
    expect(plan[4]).toEqual({ design: known.design, origin: 'prior', share: known.share, note: 'best on abalone' });
    expect(plan[5]).toMatchObject({ design: { leaves: 77 }, origin: 'prior', note: 'best on dna' });
    expect(plan.slice(6).map(({ note }) => note)).toEqual(own.slice(4, -1).map(({ name }) => name));
  });

  it('tries both scales of the target with the two cheapest entries', () => {
    const scaled = { ...setup, problem: 'regression', metric: 'rmse', classes: 0, logTarget: true } as const;
    const plan = planOf(scaled, tabularSpace(scaled));
    expect(plan.slice(0, 5).map(({ design }) => design.logTarget === true)).toEqual([false, true, false, true, false]);
  });
});

it('how long a design trained is no part of what it is', () => {
  expect(withoutFidelity({ learner: 'mlp', width: 64, epochs: 20, mergeBy: 2, rounds: 5 })).toEqual({
    learner: 'mlp',
    width: 64,
  });
});
