import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choice, type Design, type Space } from '../spaces/space.ts';
import { designKey } from './history.ts';
import type { Proposed, ProposerSetup } from './proposer.ts';
import { fidelityProposers, proposerNamed } from './registry.ts';

const digits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const space: Space = {
  name: 'digits',
  version: 1,
  decisions: ['a', 'b', 'c'].map((name) => choice(name, digits)),
};
const THIRDS = [1 / 9, 1 / 3, 1];
const lossOf = ({ a, b, c }: Design) => Number(a) + Number(b) + Number(c);
const setupOf = (seed: number, more: Partial<ProposerSetup> = {}): ProposerSetup => ({
  space,
  seed,
  bank: [],
  objectives: 1,
  fidelities: THIRDS,
  ...more,
});

/** Proposals up to a full training of `enough`, each evaluated before the next; shorter trainings tell as much as full ones. */
function search(name: string, setup: ProposerSetup, steps: number, enough = -1): Proposed[] {
  const proposer = proposerNamed(name);
  let state = proposer.init(setup);
  const all: Proposed[] = [];
  for (let i = 0; i < steps; i++) {
    const asked = proposer.ask(setup, state, 1);
    const [next] = asked.proposed;
    if (!next) break;
    all.push(next);
    const { design, fidelity = 1 } = next;
    if (fidelity === 1 && lossOf(design) <= enough) break;
    state = JSON.parse(JSON.stringify(asked.state));
    state = proposer.tell(setup, state, [{ design, losses: [lossOf(design)], fidelity }]);
  }
  return all;
}

const at = (proposed: readonly Proposed[], fidelity: number) =>
  proposed.filter((each) => each.fidelity === fidelity).map(({ design }) => design);
const best = (designs: readonly Design[], count: number) =>
  designs
    .toSorted((a, b) => lossOf(a) - lossOf(b))
    .slice(0, count)
    .map(lossOf);

describe.each(fidelityProposers.map(({ name }) => [name]))('%s', (name) => {
  it('never asks for a design twice at the same fidelity, nor for a longer training before a shorter one', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.integer({ min: 1, max: 5 }), (seed, batch) => {
        const setup = setupOf(seed);
        const proposer = proposerNamed(name);
        let state = proposer.init(setup);
        const reached = new Map<string, number>();
        for (let i = 0; i < 60; i += batch) {
          const asked = proposer.ask(setup, state, batch);
          state = asked.state;
          for (const { design, fidelity } of asked.proposed) {
            const key = designKey(design);
            expect(THIRDS).toContain(fidelity);
            expect(fidelity!).toBeGreaterThan(reached.get(key) ?? 0);
            reached.set(key, fidelity!);
          }
          const told = asked.proposed.map(({ design, fidelity }) => ({
            design,
            losses: lossOf(design) % 7 === 0 ? null : [lossOf(design)],
            fidelity: fidelity!,
          }));
          state = proposer.tell(setup, state, told);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('finds good designs for less training than one by one', () => {
    const spent = (proposer: string, seed: number) =>
      search(proposer, setupOf(seed), 600, 3).reduce((sum, { fidelity = 1 }) => sum + fidelity, 0);
    const mean = (proposer: string) => [1, 2, 3, 4, 5, 6].reduce((sum, seed) => sum + spent(proposer, seed), 0) / 6;
    expect(mean(name)).toBeLessThan(0.75 * mean('random'));
  });

  it('trains one by one where there is one fidelity', () => {
    const proposed = search(name, setupOf(2, { fidelities: undefined }), 20);
    expect(proposed.every(({ fidelity }) => fidelity === 1)).toBe(true);
    expect(new Set(proposed.map(({ design }) => designKey(design))).size).toBe(20);
  });
});

describe('successive halving', () => {
  it('starts nine at a ninth, trains the best three for a third and the best one fully, then starts again', () => {
    const proposed = search('halving', setupOf(1), 26);
    const [bracket, next] = [proposed.slice(0, 13), proposed.slice(13)];
    const starters = at(bracket.slice(0, 9), THIRDS[0]!);
    expect(starters).toHaveLength(9);
    expect(at(bracket.slice(9, 12), THIRDS[1]!).map(lossOf)).toEqual(best(starters, 3));
    expect(at(bracket.slice(12), 1).map(lossOf)).toEqual(best(starters, 1));
    expect(at(next.slice(0, 9), THIRDS[0]!)).toHaveLength(9);
  });
});

describe('Hyperband', () => {
  it('runs a bracket from each fidelity: nine, five and three designs', () => {
    const fidelities = search('hyperband', setupOf(1), 22).map(({ fidelity }) => THIRDS.indexOf(fidelity!));
    expect(fidelities).toEqual([...[0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2], ...[1, 1, 1, 1, 1, 2], ...[2, 2, 2]]);
  });

  it('begins the next bracket while one waits', () => {
    const setup = setupOf(1);
    const proposer = proposerNamed('hyperband');
    const { proposed } = proposer.ask(setup, proposer.init(setup), 12);
    expect(proposed.map(({ fidelity }) => THIRDS.indexOf(fidelity!))).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1]);
    expect(new Set(proposed.map(({ design }) => designKey(design))).size).toBe(12);
  });
});

describe('ASHA', () => {
  it('trains the best of three longer at once, while others still run', () => {
    const setup = setupOf(1);
    const proposer = proposerNamed('asha');
    const first = proposer.ask(setup, proposer.init(setup), 5);
    const ended = first.proposed.slice(0, 3).map(({ design }) => design);
    const state = proposer.tell(
      setup,
      first.state,
      ended.map((design) => ({ design, losses: [lossOf(design)], fidelity: THIRDS[0]! })),
    );
    const [next, after] = proposer.ask(setup, state, 2).proposed;
    expect(next).toMatchObject({ fidelity: THIRDS[1], origin: 'promotion' });
    expect(lossOf(next!.design)).toBe(best(ended, 1)[0]);
    expect(after).toMatchObject({ fidelity: THIRDS[0], origin: 'random' });
  });
});
