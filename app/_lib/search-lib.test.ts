import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SearchEvent, SearchView, TrialView } from '#core/contracts/views.ts';
import { bestCurve, coldStart, leadOverColdStart, quoteAt } from './best-curve.ts';
import { applyEvents, countTrials, fromSnapshot, type LiveSearch, leavesGap, withView } from './live-search.ts';
import { outlookOf } from './outlook.ts';
import { paretoFront } from './pareto.ts';
import { filterTrials, sortTrials } from './trial-rows.ts';

const trial = (number: number, over: Partial<TrialView> = {}): TrialView => ({
  id: `id-${number}`,
  number,
  origin: 'portfolio',
  role: 'search',
  learner: 'boosting',
  summary: `boosting · ${number} leaves`,
  state: 'done',
  score: 0.5,
  low: 0.4,
  high: 0.6,
  seconds: 1,
  bytes: 1000,
  oneRowMs: 0.1,
  error: null,
  notes: [],
  reused: false,
  device: null,
  tab: false,
  startedAt: null,
  endedAt: null,
  at: number,
  ...over,
});

const view = (over: Partial<SearchView> = {}): SearchView => ({
  id: 's',
  number: 1,
  projectId: 'p',
  projectName: 'P',
  datasetId: 'd',
  datasetName: 'D',
  versionId: 'v',
  versionNumber: 1,
  rows: 10,
  target: 'y',
  kind: 'classification',
  metric: 'roc_auc',
  direction: 'maximize',
  state: 'searching',
  request: {
    datasetVersionId: 'v',
    target: 'y',
    kind: 'classification',
    metric: 'roc_auc',
    split: { kind: 'random' },
    testFraction: 0.2,
    budgetSeconds: 60,
    seed: 0,
    prior: 'on',
    strategy: 'default',
    reuse: true,
    stopEarly: false,
  },
  seed: 0,
  budgetSeconds: 60,
  elapsedSeconds: 1,
  clockRuns: true,
  phases: {
    read: { planned: 1, used: 0 },
    search: { planned: 50, used: 0 },
    finalise: { planned: 6, used: 0 },
    verify: { planned: 3, used: 0 },
  },
  best: null,
  random: { count: 0, best: null, verdict: null },
  prior: null,
  trials: { done: 0, failed: 0, running: 0, queued: 0, reused: 0 },
  workers: [],
  firstUsableSeconds: null,
  testLooks: 0,
  prepared: null,
  modelId: null,
  result: null,
  error: null,
  lastEvent: 0,
  createdAt: new Date(0),
  startedAt: null,
  endedAt: null,
  ...over,
});

const at = new Date(0);
/** A search's whole history: every trial queued, started, ended, with log lines and states between. */
function history(trials: number): SearchEvent[] {
  const events: SearchEvent[] = [];
  const add = (event: Omit<SearchEvent, 'number' | 'at'>) =>
    events.push({ ...event, at, number: events.length + 1 } as SearchEvent);
  add({ kind: 'state', data: { state: 'searching' } });
  for (let n = 1; n <= trials; n++) {
    add({ kind: 'trial.queued', data: { trial: trial(n, { state: 'queued', score: null }) } });
    add({ kind: 'trial.started', data: { trial: trial(n, { state: 'running', score: null }) } });
    add({ kind: 'log', data: { level: 'info', message: `trial ${n}` } });
    add({ kind: 'trial.ended', data: { trial: trial(n, { score: n / 100 }) } });
    add({ kind: 'best', data: { value: n / 100, low: 0, high: 1, trialNumber: n, at: n } });
  }
  add({ kind: 'state', data: { state: 'ready' } });
  return events;
}

describe('live search', () => {
  const all = history(6);
  const whole = applyEvents(fromSnapshot(view(), [], []), all);

  test('the end of the history is what it says', () => {
    expect(whole.view).toMatchObject({ state: 'ready', best: { trialNumber: 6 } });
    expect(countTrials(whole.trials.values())).toEqual({ done: 6, failed: 0, running: 0, queued: 0 });
    expect(whole.log).toHaveLength(14);
  });

  test('cut anywhere, repeated, and taken up again: the same state', () => {
    const cuts = fc.array(fc.tuple(fc.nat(all.length), fc.nat(12)), { maxLength: 8 });
    fc.assert(
      fc.property(cuts, (jumps) => {
        let live: LiveSearch = fromSnapshot(view(), [], []);
        // Each reconnect starts somewhere at or before what is known, and brings a few events.
        for (const [back, count] of jumps) {
          const start = Math.max(0, live.lastEvent - back);
          live = applyEvents(live, all.slice(start, start + count));
        }
        live = applyEvents(live, all.slice(live.lastEvent));
        expect(live).toEqual(whole);
      }),
    );
  });

  test('a reload in the middle, with trials fresher than the view, ends the same', () => {
    fc.assert(
      fc.property(fc.nat(all.length), fc.nat(all.length), (seen, ahead) => {
        const atView = applyEvents(fromSnapshot(view(), [], []), all.slice(0, seen));
        const atTrials = applyEvents(atView, all.slice(seen, seen + ahead));
        const live = fromSnapshot(atView.view, [...atTrials.trials.values()], atTrials.log);
        const end = applyEvents({ ...live, lastEvent: atView.lastEvent }, all.slice(atView.lastEvent));
        expect([...end.trials.values()]).toEqual([...whole.trials.values()]);
        expect(end.log).toEqual(whole.log);
        expect(end.view).toEqual(whole.view);
      }),
    );
  });

  test('a gap is seen and not jumped', () => {
    const live = applyEvents(fromSnapshot(view(), [], []), all.slice(0, 3));
    expect(leavesGap(live, all[5]!)).toBe(true);
    expect(applyEvents(live, all.slice(5))).toEqual(live);
  });

  test('an older view never replaces a newer one', () => {
    const live = applyEvents(fromSnapshot(view(), [], []), all);
    expect(withView(live, view({ lastEvent: 3, state: 'searching' })).view.state).toBe('ready');
    expect(
      withView(live, view({ lastEvent: all.length, state: 'ready', elapsedSeconds: 60 })).view.elapsedSeconds,
    ).toBe(60);
  });
});

describe('best-so-far', () => {
  test('steps only where the score improves, by time and not by number', () => {
    const trials = [trial(1, { score: 0.7, at: 5 }), trial(2, { score: 0.6, at: 2 }), trial(3, { score: 0.65, at: 9 })];
    expect(bestCurve(trials, 'maximize').map((p) => [p.at, p.value])).toEqual([
      [2, 0.6],
      [5, 0.7],
    ]);
    expect(bestCurve(trials, 'minimize').map((p) => p.value)).toEqual([0.6]);
  });

  test('failed, final and running trials are no points', () => {
    const others = [trial(1, { state: 'failed', score: null }), trial(2, { role: 'final' }), trial(3, { at: null })];
    expect(bestCurve(others, 'maximize')).toEqual([]);
  });

  test('cold start is interpolated, and the lead is positive when ahead in either direction', () => {
    const points = [10, 20].map((seconds) => ({ seconds, low: 0, high: 1, value: seconds / 100 }));
    expect(quoteAt(points, 15)).toBeCloseTo(0.15);
    expect([quoteAt(points, 1), quoteAt(points, 99), quoteAt([], 1)]).toEqual([0.1, 0.2, null]);
    expect(leadOverColdStart(0.3, points, 20, 'maximize')).toBeCloseTo(0.1);
    expect(leadOverColdStart(0.3, points, 20, 'minimize')).toBeCloseTo(-0.1);
    expect(leadOverColdStart(null, points, 20, 'minimize')).toBeNull();
  });
});

describe('outlook', () => {
  const finished = Array.from({ length: 10 }, (_, i) => trial(i + 2, { role: 'search', score: 0.5, at: 5 + 2 * i }));
  const phase = (planned: number, used: number) => ({ planned, used });
  const phases = { read: phase(3, 3), search: phase(40, 20), finalise: phase(5, 0), verify: phase(5, 0) };
  const searching = { state: 'searching' as const, phases };

  test('counts the trials that still fit at the pace so far', () => {
    // Ten in twenty seconds, twenty left.
    expect(outlookOf(searching, finished, 23)).toEqual({ more: 10, chance: 0.5 });
    expect(outlookOf(searching, finished, 60)).toEqual({ more: 0, chance: 0 });
  });

  test('says nothing from few trials, or when the search is over', () => {
    expect(outlookOf(searching, finished.slice(0, 3), 23)).toBeNull();
    expect(outlookOf({ ...searching, state: 'ready' }, finished, 23)).toBeNull();
  });
});

describe('cold start', () => {
  const shares = [
    { seconds: 10, low: 0.2, value: 0.5, high: 0.6 },
    { seconds: 40, low: 0.4, value: 0.75, high: 1 },
  ];
  const trials = [
    trial(1, { role: 'baseline', score: 0.5, at: 1, seconds: 1 }),
    trial(2, { score: 0.9, at: 20, seconds: 39 }),
  ];

  test('is a share of the way from the baseline to the best, on the clock of the search', () => {
    // Two trials trained at a time.
    const points = coldStart(shares, trials, 'maximize', 60)!;
    expect(points.map(({ seconds }) => seconds)).toEqual([5, 20, 60]);
    expect(points[0]!.value).toBeCloseTo(0.7);
    expect(points[2]!.value).toBeCloseTo(0.8);
    const falling = trials.map((one) => ({ ...one, score: 1 - one.score! }));
    const [first] = coldStart(shares, falling, 'minimize', 60)!;
    expect([first!.low, first!.value, first!.high].map((v) => Number(v.toFixed(6)))).toEqual([0.26, 0.3, 0.42]);
  });

  test('is unknown without a bank, a baseline, or anything better', () => {
    expect(coldStart(null, trials, 'maximize', 60)).toBeNull();
    expect(coldStart(shares, trials.slice(1), 'maximize', 60)).toBeNull();
    expect(coldStart(shares, trials.slice(0, 1), 'maximize', 60)).toBeNull();
  });
});

describe('pareto', () => {
  const candidates = fc.array(fc.record({ score: fc.nat(20), cost: fc.nat(20) }), { minLength: 1, maxLength: 40 });

  test('nothing on the front is beaten, and all else is', () => {
    fc.assert(
      fc.property(candidates, (all) => {
        const front = paretoFront(all, 'maximize');
        const beats = (a: { score: number; cost: number }, b: { score: number; cost: number }) =>
          a.score >= b.score && a.cost <= b.cost && (a.score > b.score || a.cost < b.cost);
        for (const chosen of front) expect(all.some((other) => beats(other, chosen))).toBe(false);
        for (const other of all.filter((one) => !front.includes(one))) {
          expect(front.some((f) => beats(f, other) || (f.score === other.score && f.cost === other.cost))).toBe(true);
        }
      }),
    );
  });
});

describe('trials table', () => {
  const rows = [
    trial(1, { score: 0.9, origin: 'random', summary: 'logistic · l2' }),
    trial(2, { score: null, state: 'failed', error: 'out of memory' }),
    trial(3, { score: 0.95 }),
    trial(4, { score: null, state: 'running', origin: 'random' }),
  ];

  test('best first in either direction, rows without a score last', () => {
    expect(sortTrials(rows, 'score', true, 'maximize').map((t) => t.number)).toEqual([3, 1, 2, 4]);
    expect(sortTrials(rows, 'score', true, 'minimize').map((t) => t.number)).toEqual([1, 3, 2, 4]);
    expect(sortTrials(rows, 'score', false, 'maximize').map((t) => t.number)).toEqual([1, 3, 2, 4]);
  });

  test('filters by words, origin and status together', () => {
    const filter = (over: object) =>
      filterTrials(rows, { text: '', origin: null, status: null, ...over }).map((t) => t.number);
    expect(filter({ text: 'OUT memory' })).toEqual([2]);
    expect(filter({ text: '#3' })).toEqual([3]);
    expect(filter({ origin: 'random' })).toEqual([1, 4]);
    expect(filter({ origin: 'random', status: 'running' })).toEqual([4]);
    expect(filter({ status: 'failed' })).toEqual([2]);
  });
});
