/** A search that is played and recorded as the server does, asked again from what was recorded. */
import { describe, expect, test } from 'vitest';
import { completeDesign } from '../spaces/space.ts';
import { tabularSpace } from '../spaces/tabular.ts';
import { rawSeconds } from './cost.ts';
import { strategies } from './registry.ts';
import type { SearchSetup, Strategy } from './strategy.ts';
import { isAsk, replayTrace, type SearchTrace, type TraceEntry } from './trace.ts';

const setup: SearchSetup = {
  problem: 'regression',
  metric: 'rmse',
  rows: 3000,
  numericColumns: 8,
  categoricalColumns: 3,
  classes: 1,
  folds: 8,
  logTarget: true,
  searchSeconds: 50,
  workers: 2,
  seed: 5,
  prior: [{ design: { learner: 'linear', basis: 'spline' }, reason: 'did best on another table' }],
};

const json = <T>(value: T): T => JSON.parse(JSON.stringify(value));

function play(strategy: Strategy): SearchTrace {
  const space = tabularSpace(setup);
  let state = strategy.init(setup);
  const entries: TraceEntry[] = [];
  const open: { trial: number; hash: string; seconds: number }[] = [];
  let trial = 1;
  let secondsLeft = setup.searchSeconds;
  // The baseline is nobody's proposal.
  const design = completeDesign(space, { learner: 'baseline' });
  let ended = [{ trial, hash: 'baseline', design, state: 'done' as const, score: 2, seconds: 0.1 }];
  while (secondsLeft > 0 && entries.length < 80) {
    state = strategy.tell(state, ended);
    entries.push({ tell: ended });
    const ask = 4 - open.length;
    const answer = strategy.ask(state, ask, { secondsLeft, trialsLeft: 100 - trial });
    state = json(answer.state);
    const proposals = answer.proposals.map(({ hash, origin, limitSeconds, design }) => {
      open.push({ trial: ++trial, hash, seconds: Math.min(limitSeconds, 1.3 * rawSeconds(design, setup)) });
      return { hash, origin, limitSeconds, trial };
    });
    entries.push({ ask, secondsLeft, trialsLeft: 100 - trial + proposals.length, proposals });
    const next = open.shift();
    if (!next) break;
    secondsLeft -= next.seconds / 2;
    const score = 1 + Math.sin(next.hash.charCodeAt(2));
    ended = [{ ...next, state: 'done', score } as (typeof ended)[number]];
  }
  return json({ strategy: strategy.name, setup, entries });
}

/** The trace with another entry at the first place that `change` answers for. */
function forge(trace: SearchTrace, change: (entry: TraceEntry) => TraceEntry | undefined): SearchTrace {
  const at = trace.entries.findIndex((entry) => change(entry) !== undefined);
  expect(at).toBeGreaterThanOrEqual(0);
  return { ...trace, entries: trace.entries.map((entry, i) => (i === at ? change(entry)! : entry)) };
}

describe.each(strategies.map((strategy) => [strategy.name, strategy] as const))('%s', (_, strategy) => {
  const trace = play(strategy);

  test('answers every ask as recorded', () => {
    expect(trace.entries.filter(isAsk).flatMap(({ proposals }) => proposals).length).toBeGreaterThan(8);
    expect(replayTrace(strategy, trace)).toEqual([]);
  });

  test('a forged ask is told apart, and which one it is', () => {
    const hash = 'f'.repeat(64);
    const forged = forge(trace, (entry) =>
      isAsk(entry) && entry.proposals[0]
        ? { ...entry, proposals: [{ ...entry.proposals[0], hash }, ...entry.proposals.slice(1)] }
        : undefined,
    );
    const [first, ...others] = replayTrace(strategy, forged);
    expect(first).toMatchObject({ ask: 1 });
    expect(first?.message).toContain('proposal 1: recorded is another design');
    expect(first?.message).toContain('ffffffffffff');
    expect(others).toEqual([]);
    const dropped = forge(trace, (entry) =>
      isAsk(entry) && entry.proposals[0] ? { ...entry, proposals: [] } : undefined,
    );
    expect(replayTrace(strategy, dropped)[0]?.message).toContain('none is recorded');
    const more = forge(trace, (entry) =>
      isAsk(entry) && entry.proposals.length === entry.ask ? { ...entry, ask: entry.ask - 1 } : undefined,
    );
    expect(replayTrace(strategy, more)[0]?.message).toContain('the strategy proposes none');
    const longer = forge(trace, (entry) =>
      isAsk(entry) && entry.proposals[0]
        ? { ...entry, proposals: entry.proposals.map((asked) => ({ ...asked, limitSeconds: asked.limitSeconds + 1 })) }
        : undefined,
    );
    expect(replayTrace(strategy, longer)[0]?.message).toContain('its limit was');
  });

  test('another seed, or other costs than were told, lead elsewhere', () => {
    expect(replayTrace(strategy, { ...trace, setup: { ...setup, seed: 6 } })).not.toEqual([]);
    const slower = trace.entries.map((entry) =>
      isAsk(entry) ? entry : { tell: entry.tell.map((outcome) => ({ ...outcome, seconds: 30 * outcome.seconds })) },
    );
    expect(replayTrace(strategy, { ...trace, entries: slower })).not.toEqual([]);
  });
});

test('what the bank suggested is part of the setup', () => {
  const strategy = strategies.find(({ name }) => name === 'default')!;
  const trace = play(strategy);
  expect(replayTrace(strategy, { ...trace, setup: { ...setup, prior: [] } })).not.toEqual([]);
});
