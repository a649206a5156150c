import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hypervolume } from '../math/hypervolume.ts';
import { firstFront } from '../math/pareto.ts';
import { normalScores } from '../predictors/normal-scores.ts';
import { choice, type Design, range, type Space } from '../spaces/space.ts';
import { frontPortfolio } from './front-portfolio.ts';
import { designKey } from './history.ts';
import { objectiveModel, scoreToLoss } from './objective-model.ts';
import { setupOfObjective } from './objectives.ts';
import type { BankTable, ProposerSetup } from './proposer.ts';
import { frontProposers, proposerNamed } from './registry.ts';

const letters = ['a', 'b', 'c', 'd', 'e'];
const space: Space = {
  name: 'letters',
  version: 1,
  decisions: ['one', 'two', 'three', 'four'].map((name) => choice(name, letters)),
};
const all: Design[] = letters.flatMap((one) =>
  letters.flatMap((two) => letters.flatMap((three) => letters.map((four) => ({ one, two, three, four })))),
);

/** Each letter costs its place but for a few pairs that suit each other; late letters are cheap, not all as much. */
function lossesOf(design: Design, tilt = 0): number[] {
  const places = Object.values(design).map((value) => letters.indexOf(String(value)));
  const error =
    places.reduce((sum, place, i) => sum + place * (1 + tilt * i), 0) - (design.one === design.three ? 2 : 0);
  const cost = places.reduce((sum, place, i) => sum + (4 - place) * (1 + i), 0);
  return [error, cost];
}
const bankTable = (tilt: number): BankTable => ({
  name: `tilt ${tilt}`,
  losses: new Map(all.map((design) => [designKey(design), lossesOf(design, tilt)[0]!])),
  further: [new Map(all.map((design) => [designKey(design), 2 * lossesOf(design)[1]! + tilt]))],
});
const bank = [bankTable(0.3), bankTable(0.6)];
const setupOf = (seed: number, more: Partial<ProposerSetup> = {}): ProposerSetup => ({
  space,
  seed,
  candidates: all,
  bank: [],
  objectives: 2,
  ...more,
});

/** Designs in the order of evaluation, the state stored and read again every time. */
function search(name: string, setup: ProposerSetup, steps: number, batch = 1): Design[] {
  const proposer = proposerNamed(name);
  let state = proposer.init(setup);
  const designs: Design[] = [];
  while (designs.length < steps) {
    const asked = proposer.ask(setup, state, Math.min(batch, steps - designs.length));
    if (asked.proposed.length === 0) break;
    const told = asked.proposed.map(({ design }) => ({ design, losses: lossesOf(design).slice(0, setup.objectives) }));
    state = proposer.tell(setup, JSON.parse(JSON.stringify(asked.state)), told);
    designs.push(...told.map(({ design }) => design));
  }
  return designs;
}

const REFERENCE = [8, 35];
const covered = (designs: readonly Design[]) =>
  hypervolume(
    designs.map((design) => lossesOf(design)),
    REFERENCE,
  );
const seeds = [1, 2, 3, 4];
const meanCovered = (name: string, steps: number, more: Partial<ProposerSetup> = {}) =>
  seeds.reduce((sum, seed) => sum + covered(search(name, setupOf(seed, more), steps)), 0) / seeds.length;

describe.each(frontProposers.map(({ name }) => [name]))('%s on two objectives', (name) => {
  it('proposes no design twice, in batches too, and the same ones for the same seed', () => {
    for (const more of [{}, { bank }]) {
      const keys = search(name, setupOf(3, more), 48, 4).map(designKey);
      expect(new Set(keys).size).toBe(48);
      expect(search(name, setupOf(3, more), 48, 4).map(designKey)).toEqual(keys);
    }
  });

  it('ends when every design is known', () => {
    expect(search(name, setupOf(4, { candidates: all.slice(0, 30) }), 100)).toHaveLength(30);
  });

  it('takes failures, running designs and ones that it did not propose', () => {
    const setup = setupOf(5, { bank });
    const proposer = proposerNamed(name);
    let state = proposer.tell(setup, proposer.init(setup), [{ design: all[7]!, losses: [1, 2] }]);
    for (let i = 0; i < 45; i++) {
      const asked = proposer.ask(setup, state, 2);
      const [first, second] = asked.proposed;
      expect(designKey(first!.design)).not.toBe(designKey(all[7]!));
      // The second of each pair runs on.
      state = proposer.tell(setup, asked.state, [
        { design: first!.design, losses: i % 3 ? lossesOf(first!.design) : null },
      ]);
      expect(second).toBeDefined();
    }
  });

  it('searches a space whose designs are not listed', () => {
    const open: Space = {
      name: 'open',
      version: 1,
      decisions: [
        choice('kind', [{ value: 'tree', opens: [range('depth', 1, 8, { whole: true, levels: 8 })] }, 'line']),
        range('rate', 0.01, 1, { scale: 'log', levels: 9 }),
      ],
    };
    const setup = setupOf(6, { space: open, candidates: undefined });
    const proposer = proposerNamed(name);
    let state = proposer.init(setup);
    const keys = new Set<string>();
    for (let i = 0; i < 30; i++) {
      const asked = proposer.ask(setup, state, 1);
      const { design } = asked.proposed[0]!;
      keys.add(designKey(design));
      state = proposer.tell(setup, asked.state, [
        { design, losses: [-Number(design.depth ?? 0), Number(design.rate)] },
      ]);
    }
    expect(keys.size).toBe(30);
  });
});

describe('what searching for a front buys', () => {
  it('generations cover more than chance, models of the objectives more still, the most with a bank', () => {
    const [random, nsga2, pareto] = ['random', 'nsga2', 'pareto'].map((name) => meanCovered(name, 40));
    expect(nsga2!).toBeGreaterThan(random!);
    expect(pareto!).toBeGreaterThan(nsga2!);
    expect(meanCovered('pareto', 15, { bank })).toBeGreaterThan(meanCovered('pareto', 15));
  });

  it('a cost that statistics tell is not learned but known', () => {
    const setup = setupOf(1, { free: [null, (design: Design) => lossesOf(design)[1]!] });
    const known = all.slice(0, 40).map((design) => ({ design, losses: lossesOf(design) }));
    const [error, cost] = [0, 1].map((k) => objectiveModel(setup, k, known, known.length, null));
    const asked = all.slice(300, 320);
    const look = cost!.look(asked);
    expect([...look.expected]).toEqual(asked.map((design) => lossesOf(design)[1]));
    expect(look.outcomes([3])).toEqual([[{ loss: lossesOf(asked[3]!)[1], share: 1 }]]);
    expect(cost!.fitted).toBeNull();
    // What is learned has a likely loss with others around it.
    const [outcomes] = error!.look(asked).outcomes([3]);
    expect(outcomes!.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(new Set(outcomes!.map(({ loss }) => loss)).size).toBe(3);
  });

  it('works with three objectives', () => {
    const setup = setupOf(1, { objectives: 3 });
    const proposer = proposerNamed('pareto');
    let state = proposer.init(setup);
    const points: number[][] = [];
    for (let i = 0; i < 24; i++) {
      const asked = proposer.ask(setup, state, 1);
      const { design } = asked.proposed[0]!;
      const losses = [...lossesOf(design), letters.indexOf(String(design.four))];
      points.push(losses);
      state = proposer.tell(setup, asked.state, [{ design, losses }]);
    }
    expect(firstFront(points).length).toBeGreaterThan(4);
  });
});

describe('the bank of several objectives', () => {
  it('is read by objective, tasks that lack one left out', () => {
    const setup = setupOf(1, { bank: [bankTable(0), { name: 'score alone', losses: bankTable(0).losses }] });
    expect(setupOfObjective(setup, 0).bank).toHaveLength(2);
    const second = setupOfObjective(setup, 1);
    expect(second.bank.map(({ losses }) => losses.get(designKey(all[3]!)))).toEqual([2 * lossesOf(all[3]!)[1]!]);
    // What is worked out from a bank is remembered with it.
    expect(setupOfObjective(setup, 1).bank).toBe(second.bank);
  });

  it('recommends designs that stand on its mean front, apart from each other', () => {
    const portfolio = frontPortfolio(setupOf(1, { bank }), 6);
    expect(portfolio).toHaveLength(6);
    const points = portfolio.map((design) => lossesOf(design, 0.45));
    expect(firstFront(points)).toHaveLength(6);
    expect(frontPortfolio(setupOf(1), 6)).toEqual([]);
  });
});

describe('losses from normal scores', () => {
  it('are those evaluated at their own scores, and rise with the score', () => {
    const losses = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(losses, fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { maxLength: 20 }), (known, asked) => {
        const scores = normalScores(known);
        const lossAt = scoreToLoss(scores, known);
        known.forEach((loss, i) => {
          expect(lossAt(scores[i]!)).toBeCloseTo(loss, 9);
        });
        const told = asked.toSorted((a, b) => a - b).map(lossAt);
        told.forEach((loss, i) => {
          expect(loss).toBeGreaterThanOrEqual((told[i - 1] ?? Number.NEGATIVE_INFINITY) - 1e-9);
        });
      }),
    );
  });
});
