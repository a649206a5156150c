import { describe, expect, it } from 'vitest';
import { choice, type Design, range, type Space } from '../spaces/space.ts';
import { isListed } from './candidates.ts';
import { designKey } from './history.ts';
import type { BankTable, ProposerSetup } from './proposer.ts';
import { allProposers, proposerNamed } from './registry.ts';

const letters = ['a', 'b', 'c', 'd'];
const listed: Space = {
  name: 'letters',
  version: 1,
  decisions: ['one', 'two', 'three', 'four'].map((name) => choice(name, letters)),
};
const nested: Space = {
  name: 'nested',
  version: 1,
  decisions: [
    choice('kind', [{ value: 'tree', opens: [range('depth', 1, 8, { whole: true, levels: 8 })] }, 'line']),
    range('rate', 0.01, 1, { scale: 'log', levels: 9 }),
  ],
};
const all: Design[] = letters.flatMap((one) =>
  letters.flatMap((two) => letters.flatMap((three) => letters.map((four) => ({ one, two, three, four })))),
);

/** Each letter costs its place, and two equal neighbours cost more. */
const lossOf = (design: Design, tilt = 0): number => {
  const places = Object.values(design).map((value, i) => letters.indexOf(String(value)) * (1 + tilt * i));
  return places.reduce((sum, p) => sum + p, 0) + (design.one === design.two ? 1.5 : 0);
};
const bank = (tilt: number): BankTable => ({
  name: `tilt ${tilt}`,
  losses: new Map(all.map((design) => [designKey(design), lossOf(design, tilt)])),
});
const setupOf = (seed: number, more: Partial<ProposerSetup> = {}): ProposerSetup => ({
  space: listed,
  seed,
  candidates: all,
  bank: [],
  objectives: 1,
  ...more,
});

/** Designs in the order of evaluation. */
function search(name: string, setup: ProposerSetup, steps: number, batch = 1, enough = -1): Design[] {
  const proposer = proposerNamed(name);
  let state = proposer.init(setup);
  const designs: Design[] = [];
  while (designs.length < steps && !designs.some((design) => lossOf(design) <= enough)) {
    const asked = proposer.ask(setup, state, Math.min(batch, steps - designs.length));
    if (asked.proposed.length === 0) break;
    // A state that is stored and read again goes on as if it had stayed.
    state = JSON.parse(JSON.stringify(asked.state));
    const told = asked.proposed.map(({ design }) => ({ design, losses: [lossOf(design)] }));
    state = proposer.tell(setup, state, told);
    designs.push(...told.map(({ design }) => design));
  }
  return designs;
}

const firstBelow = (designs: readonly Design[], loss: number): number => {
  const at = designs.findIndex((design) => lossOf(design) <= loss);
  return at < 0 ? designs.length + 1 : at + 1;
};

describe.each(allProposers.map(({ name }) => [name]))('%s', (name) => {
  it('never proposes a design twice, and only such as can be evaluated', () => {
    for (const setup of [setupOf(1), setupOf(2, { bank: [bank(0.5)] })]) {
      const keys = search(name, setup, 60, 4).map(designKey);
      expect(new Set(keys).size).toBe(60);
      expect(keys.every((key) => isListed(setup, key))).toBe(true);
    }
  });

  it('searches a space whose designs are not listed', () => {
    const setup = setupOf(3, { space: nested, candidates: undefined });
    const proposer = proposerNamed(name);
    let state = proposer.init(setup);
    const depths: number[] = [];
    for (let i = 0; i < 25; i++) {
      const asked = proposer.ask(setup, state, 1);
      const { design } = asked.proposed[0]!;
      const depth = design.kind === 'tree' ? Number(design.depth) : 0;
      depths.push(depth);
      state = proposer.tell(setup, asked.state, [{ design, losses: [-depth] }]);
    }
    expect(Math.max(...depths)).toBeGreaterThanOrEqual(6);
  });

  it('ends when every design is known', () => {
    const few = all.slice(0, 12);
    expect(search(name, setupOf(4, { candidates: few }), 100)).toHaveLength(12);
  });

  it('gives the same designs for the same seed, others for another', () => {
    const keys = (seed: number) => search(name, setupOf(seed), 20).map(designKey);
    expect(keys(7)).toEqual(keys(7));
    expect(keys(7)).not.toEqual(keys(8));
  });

  it('takes failures and designs that it did not propose', () => {
    const setup = setupOf(9);
    const proposer = proposerNamed(name);
    let state = proposer.tell(setup, proposer.init(setup), [{ design: all[5]!, losses: [1] }]);
    for (let i = 0; i < 30; i++) {
      const asked = proposer.ask(setup, state, 1);
      const { design } = asked.proposed[0]!;
      expect(design).not.toEqual(all[5]);
      state = proposer.tell(setup, asked.state, [{ design, losses: i % 2 ? null : [lossOf(design)] }]);
    }
  });
});

describe('what searching buys', () => {
  const seeds = [1, 2, 3, 4];
  const mean = (name: string, more: (seed: number) => Partial<ProposerSetup> = () => ({})) =>
    seeds.reduce((sum, seed) => sum + firstBelow(search(name, setupOf(seed, more(seed)), 120, 1, 1), 1), 0) /
    seeds.length;

  it('a model finds the best design far sooner than chance, sooner still with a bank', () => {
    const random = mean('random');
    const cold = mean('default');
    const warm = mean('default', () => ({ bank: [bank(0.5), bank(1)] }));
    expect(cold).toBeLessThan(random / 2);
    expect(warm).toBeLessThan(cold / 2);
  });

  it('a tree of decisions and generations of children find it sooner than chance', () => {
    const random = mean('random');
    expect(mean('mcts')).toBeLessThan(0.8 * random);
    expect(mean('nsga2')).toBeLessThan(0.8 * random);
  });

  it('a bank that knows nothing costs little', () => {
    const useless = mean('default', (seed) => {
      const keys = all.map(designKey);
      const losses = new Map(keys.map((key, i) => [key, lossOf(all[(i * 37 + seed * 11) % all.length]!)]));
      return { bank: [{ name: 'noise', losses }] };
    });
    expect(useless).toBeLessThan(mean('random'));
  });
});
