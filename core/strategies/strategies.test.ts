/** The contract of every strategy, on simulated trials; then what is particular to the default. */
import { describe, expect, it } from 'vitest';
import { checkDesign } from '../spaces/space.ts';
import { tabularSpace } from '../spaces/tabular.ts';
import { familyOf, rawSeconds } from './cost.ts';
import { strategies, strategyNamed } from './registry.ts';
import type { Outcome, Proposal, SearchSetup, Strategy, StrategyState } from './strategy.ts';
import { testSetup as base } from './testing/setup.ts';

interface Run {
  readonly proposals: Proposal[];
  readonly ends: number[];
  readonly outcomes: Outcome[];
  readonly elapsed: number;
}

/** Plays a search: trials take `slowness` times the raw estimate, at most their limit; scores depend on the design. */
function play(strategy: Strategy, setup: SearchSetup, slowness = 1, restore = (s: StrategyState) => s): Run {
  let state = strategy.init(setup);
  let now = 0;
  const running: { proposal: Proposal; end: number }[] = [];
  const run: Run = { proposals: [], ends: [], outcomes: [], elapsed: 0 };
  let over = false;
  while (true) {
    while (!over && running.length < setup.workers) {
      const asked = strategy.ask(restore(state), 1, { secondsLeft: setup.searchSeconds - now });
      state = asked.state;
      const [proposal] = asked.proposals;
      if (!proposal) {
        over = true;
        break;
      }
      run.proposals.push(proposal);
      const seconds = Math.min(proposal.limitSeconds, slowness * rawSeconds(proposal.design, setup));
      running.push({ proposal, end: now + seconds });
    }
    if (running.length === 0) break;
    running.sort((a, b) => a.end - b.end);
    const { proposal, end } = running.shift()!;
    const begun = end - Math.min(proposal.limitSeconds, slowness * rawSeconds(proposal.design, setup));
    now = end;
    over = false;
    const score = 0.7 + 0.2 * Math.sin(proposal.hash.charCodeAt(3) + (familyOf(proposal.design) === 'mlp' ? 1 : 0));
    const outcome: Outcome = { hash: proposal.hash, state: 'done', score, seconds: end - begun };
    run.outcomes.push(outcome);
    run.ends.push(end);
    state = strategy.tell(restore(state), [outcome]);
  }
  return { ...run, elapsed: now };
}

const setups: Record<string, SearchSetup> = {
  binary: base,
  'small multiclass': { ...base, problem: 'multiclass', metric: 'log_loss', classes: 4, rows: 300 },
  'many classes': { ...base, problem: 'multiclass', metric: 'accuracy', classes: 40, rows: 20_000, folds: 5 },
  regression: { ...base, problem: 'regression', metric: 'rmse', classes: 1, logTarget: true, rows: 16_000, folds: 5 },
  'hundreds of classes': {
    ...base,
    problem: 'multiclass',
    metric: 'log_loss',
    classes: 500,
    rows: 16_000,
    folds: 1,
    searchSeconds: 45,
  },
  'thousands of columns': { ...base, rows: 800, numericColumns: 8000, categoricalColumns: 2000, searchSeconds: 30 },
  'large and short': { ...base, rows: 200_000, numericColumns: 50, folds: 1, searchSeconds: 15 },
  'one worker, long': { ...base, workers: 1, searchSeconds: 280 },
};

describe.each(strategies)('the contract of $name', (strategy) => {
  describe.each(Object.entries(setups))('%s', (_, setup) => {
    const run = play(strategy, setup);

    it('proposes valid designs, none twice', () => {
      const space = tabularSpace(setup);
      for (const { design } of run.proposals) expect(checkDesign(space, design)).toEqual([]);
      expect(new Set(run.proposals.map((p) => p.hash)).size).toBe(run.proposals.length);
      expect(run.proposals.length).toBeGreaterThan(1);
    });

    it('keeps to the time', () => {
      expect(run.elapsed).toBeLessThanOrEqual(setup.searchSeconds);
      expect(play(strategy, setup, 3).elapsed).toBeLessThanOrEqual(setup.searchSeconds);
      for (const { limitSeconds } of run.proposals) expect(limitSeconds).toBeGreaterThan(0);
    });

    it('is the same on a state that went through JSON, and differs by seed', () => {
      expect(play(strategy, setup, 1, (state) => JSON.parse(JSON.stringify(state)))).toEqual(run);
      const other = play(strategy, { ...setup, seed: 4 });
      expect(other.proposals.map((p) => p.hash)).not.toEqual(run.proposals.map((p) => p.hash));
    });
  });

  it('does not change the state it is given', () => {
    const state = strategy.init(base);
    const before = JSON.stringify(state);
    const { state: next, proposals } = strategy.ask(state, 2, { secondsLeft: 50 });
    strategy.tell(next, [{ hash: proposals[0]!.hash, state: 'failed', score: null, seconds: 1 }]);
    expect(JSON.stringify(state)).toBe(before);
  });

  it('honours a limit on trials, and survives failures', () => {
    let { state, proposals } = strategy.ask(strategy.init(base), 5, { secondsLeft: 50, trialsLeft: 2 });
    expect(proposals).toHaveLength(2);
    state = strategy.tell(
      state,
      proposals.map(({ hash }) => ({ hash, state: 'out_of_memory', score: null, seconds: 3 })),
    );
    expect(strategy.ask(state, 1, { secondsLeft: 40 }).proposals).toHaveLength(1);
  });
});

describe('the default strategy', () => {
  const strategy = strategyNamed('default');

  it('has a usable model early', () => {
    for (const setup of Object.values(setups)) {
      const run = play(strategy, setup);
      expect(run.ends[0]).toBeLessThan(Math.max(6, 0.1 * setup.searchSeconds));
    }
  });

  it('gives random designs about a tenth of the time, and keeps the time full', () => {
    const run = play(strategy, base);
    const seconds = (from: readonly Outcome[]) => from.reduce((sum, outcome) => sum + outcome.seconds, 0);
    const origin = new Map(run.proposals.map((p) => [p.hash, p.origin]));
    const random = seconds(run.outcomes.filter((o) => origin.get(o.hash) === 'random'));
    expect(random / seconds(run.outcomes)).toBeGreaterThan(0.04);
    expect(random / seconds(run.outcomes)).toBeLessThan(0.25);
    expect(seconds(run.outcomes)).toBeGreaterThan(0.8 * base.searchSeconds * base.workers);
  });

  it('looks at the most telling of thousands of columns first, and at all of them where there is time', () => {
    const wide = setups['thousands of columns']!;
    const first = play(strategy, wide).proposals.slice(0, 3);
    for (const { design } of first) expect(design.screen).toBeGreaterThan(0);
    const long = play(strategy, { ...wide, searchSeconds: 300 }).proposals;
    expect(long.some(({ design }) => design.learner === 'linear' && design.screen === 0)).toBe(true);
    expect(play(strategy, base).proposals.every(({ design }) => design.screen === undefined)).toBe(true);
  });

  it('tries a learner with all the time there is where none fits, and one after another as they fail', () => {
    const setup: SearchSetup = { ...setups['hundreds of classes']!, rows: 100_000, folds: 4, searchSeconds: 6 };
    let { state, proposals } = strategy.ask(strategy.init(setup), 1, { secondsLeft: 6 });
    const hashes = new Set<string>();
    for (let failed = 0; failed < 3; failed++) {
      expect(proposals).toHaveLength(1);
      expect(proposals[0]!.learner).not.toBe('baseline');
      expect(proposals[0]!.limitSeconds).toBeGreaterThan(4);
      hashes.add(proposals[0]!.hash);
      state = strategy.tell(state, [{ hash: proposals[0]!.hash, state: 'failed', score: null, seconds: 0.1 }]);
      ({ state, proposals } = strategy.ask(state, 1, { secondsLeft: 5.5 }));
    }
    expect(hashes.size).toBe(3);
    state = strategy.tell(state, [{ hash: proposals[0]!.hash, state: 'done', score: 0.5, seconds: 5 }]);
    expect(strategy.ask(state, 1, { secondsLeft: 0.5 }).proposals).toEqual([]);
  });

  it('trains trees and networks within a minute', () => {
    const families = new Set(play(strategy, base).proposals.map((p) => familyOf(p.design)));
    expect([...families].sort()).toEqual(
      expect.arrayContaining(['boosting/leafwise', 'boosting/oblivious', 'linear', 'mlp']),
    );
  });

  it('takes up what the bank suggests, and says so', () => {
    const prior = [{ design: { learner: 'boosting', leaves: 77 }, reason: 'best on 3 similar tables' }];
    const proposals = play(strategy, { ...base, prior }).proposals.filter((p) => p.origin === 'prior');
    expect(proposals).toHaveLength(1);
    expect(proposals[0]).toMatchObject({ note: 'best on 3 similar tables', design: { leaves: 77 } });
  });

  it('mutates good designs when the portfolio is done', () => {
    const mutations = play(strategy, setups['small multiclass']!).proposals.filter((p) => p.origin === 'mutation');
    expect(mutations.length).toBeGreaterThan(2);
  });
});

describe('the strategy with a model', () => {
  it('asks it for designs once the plan is through', () => {
    const { proposals } = play(strategyNamed('predictor'), { ...base, searchSeconds: 300 });
    const predicted = proposals.filter(({ origin }) => origin === 'predictor');
    expect(predicted.length).toBeGreaterThan(2);
    expect(proposals.findIndex(({ origin }) => origin === 'predictor')).toBeGreaterThan(8);
    expect(predicted.some(({ design }) => design.learner === 'baseline')).toBe(false);
    expect(new Set(proposals.map(({ hash }) => hash)).size).toBe(proposals.length);
  });
});
