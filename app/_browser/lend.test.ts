import { describe, expect, it } from 'vitest';
import { fitPreparation, prepare } from '#core/prep/preparation.ts';
import { sampleColumns, sampleTable } from '#core/prep/sample-table.ts';
import { stringColumn } from '#core/prep/table.ts';
import type { Design } from '#core/spaces/space.ts';
import { planFolds } from '#core/tasks/folds.ts';
import type { Prepared } from '#core/tasks/prepared-task.ts';
import { strataOf } from '#core/tasks/strata.ts';
import { fitTarget } from '#core/tasks/target.ts';
import { nodeRuntime } from '#workers/runtime/onnxruntime-node.ts';
import { FoldWatch } from './fold-watch.ts';
import { lendTab } from './lend-loop.ts';
import type { LendState } from './lend-messages.ts';
import { type Claimed, type LendServer, RefusedError } from './lend-server.ts';
import { lentLearners } from './train-trial.ts';

describe('the watch of a fold', () => {
  it('measures the rate and thins the curve out evenly', () => {
    let now = 0;
    const watch = new FoldWatch(() => now);
    const report = (done: number) =>
      watch.next({ folds: [0, 2], fit: { unit: 'step', done, total: 4000, loss: 1 / (1 + done) } });
    expect(report(0)?.perSecond).toBeNull();
    let last = report(0);
    for (let done = 1; done <= 1000; done++) {
      now += 0.01;
      last = report(done);
    }
    expect(last?.perSecond).toBeCloseTo(100, 5);
    const curve = last?.curve ?? [];
    expect(curve.length).toBeGreaterThan(100);
    expect(curve.length).toBeLessThan(240);
    expect([...curve].sort((a, b) => b - a)).toEqual(curve);
    expect(watch.next({ folds: [1, 2], fit: null })).toEqual({ folds: [1, 2], fit: null, perSecond: null, curve: [] });
    expect(report(5)).toMatchObject({ perSecond: null, curve: [1 / 6] });
  });

  it('leaves out losses that are no numbers', () => {
    const watch = new FoldWatch(() => 0);
    const fit = { unit: 'round', done: 1, total: 9, loss: Number.NaN } as const;
    expect(watch.next({ folds: [0, 1], fit })?.curve).toEqual([]);
  });
});

const { table, score } = sampleTable(120, 3);
const preparation = fitPreparation(table, sampleColumns);
const features = prepare(preparation, table);
const labels = stringColumn(
  'y',
  Array.from(score, (s) => (s > 1 ? 'high' : 'low')),
);
const { plan: target, values: targetValues } = fitTarget(labels, 'classification');
const strata = strataOf(target, targetValues);
const folds = planFolds({ rows: 120, kind: 'random', strata, budgetSeconds: 60, seed: 0 });
const sampleRows = Int32Array.from({ length: 20 }, (_, i) => i);
const prepared = { preparation, features, target, targetValues, folds, sampleRows } as Prepared;

/** Answers of a server in order, beside a log of what the tab asked for: the rare ways that real ones do not go at will. */
function scripted(answers: Partial<Record<keyof LendServer, readonly (() => unknown)[]>>) {
  const log: string[] = [];
  const asked: (readonly string[])[] = [];
  const left = new Map(Object.entries(answers).map(([name, list]) => [name, [...list]]));
  const answer = async (name: string, usual: unknown, said = name) => {
    log.push(said);
    const next = left.get(name)?.shift();
    return next ? next() : usual;
  };
  const server: LendServer = {
    data: () => Promise.reject(new Error('not asked for')),
    claim: (_search, _device, learners) => {
      asked.push(learners);
      return answer('claim', { kind: 'over', why: 'over' }) as Promise<Claimed>;
    },
    beat: () => answer('beat', { wish: 'go on' }) as Promise<{ wish: 'go on' }>,
    giveBack: (_, why) => answer('giveBack', undefined, `giveBack ${why}`) as Promise<void>,
    submit: () => answer('submit', undefined) as Promise<void>,
    outcome: () => answer('outcome', { state: 'kept', score: 0.9, low: null, high: null }) as never,
  };
  return { server, log, asked };
}

const trial =
  (design: Design, seconds = 20) =>
  () => ({
    kind: 'trial',
    trial: {
      trialId: 't',
      lease: 'l',
      number: 7,
      learner: String(design.learner),
      summary: 'a design',
      design,
      seed: 1,
      metric: 'roc_auc',
      seconds,
    },
  });
const linear = trial({ learner: 'linear' });
const network = trial({ learner: 'mlp', width: 16, layers: 1, epochs: 5000 });
const away = () => {
  throw new TypeError('Failed to fetch');
};
const refuses = () => {
  throw new RefusedError('This trial is no longer lent to this tab.');
};

async function run(answers: Parameters<typeof scripted>[0], stopped: () => boolean = () => false) {
  const { server, log, asked } = scripted(answers);
  let state = {} as Partial<LendState>;
  const why = await lendTab('s', {
    server,
    prepared,
    runtime: nodeRuntime,
    device: 'Test',
    stopped,
    breathe: () => new Promise((done) => setImmediate(done)),
    sleep: () => Promise.resolve(),
    now: () => performance.now() / 1000,
    tell: (change) => {
      state = { ...state, ...change };
    },
  });
  return { why, log, asked, results: state.results ?? [] };
}

describe('a lent tab', () => {
  it('trains every learner but the baseline', () => {
    expect(lentLearners).toEqual(['linear', 'boosting', 'forest', 'mlp']);
  });

  it('takes trial after trial until the search is over', async () => {
    const wait = () => ({ kind: 'wait', why: 'none' });
    const { why, log, results } = await run({ claim: [wait, linear, wait, linear] });
    expect(why).toBe('over');
    expect(log.filter((call) => call === 'submit')).toHaveLength(2);
    expect(results).toHaveLength(2);
    expect(results[0]).toEqual({ number: 7, summary: 'a design', state: 'kept', score: 0.9, why: null });
  });

  it('outlives a server that is away for a moment', async () => {
    const { results, log } = await run({ claim: [away, linear], submit: [away, away], outcome: [away] });
    expect(results[0]?.state).toBe('kept');
    expect(log).not.toContain('giveBack failed');
  });

  it('throws away what is no longer its own', async () => {
    const { results, log } = await run({ claim: [linear], submit: [refuses] });
    expect(results).toEqual([expect.objectContaining({ state: 'dropped', why: expect.stringContaining('no longer') })]);
    expect(log.some((call) => call.startsWith('giveBack'))).toBe(false);
  });

  it('gives back what it cannot train, or not in time, and says why', async () => {
    const broken = await run({ claim: [trial({ learner: 'mlp', width: 1 })] });
    expect(broken.log).toContain('giveBack failed');
    expect(broken.results[0]).toMatchObject({ state: 'returned', why: expect.stringContaining('width') });
    // Wide, so that folds train one after another: the second finds that the first has used up all the time.
    const slow = trial({ learner: 'mlp', width: 512, epochs: 5000 }, 0.01);
    const { log, asked } = await run({ claim: [slow, slow] });
    expect(log.filter((call) => call === 'giveBack late')).toHaveLength(2);
    // Then it leaves them to faster machines.
    expect(asked.map((learners) => learners.includes('mlp'))).toEqual([true, true, false]);
  });

  it('gives back what it holds when it is stopped, and tells of a refusal', async () => {
    let looked = 0;
    const { why, log } = await run({ claim: [network] }, () => ++looked > 3);
    expect(why).toBe('You stopped lending this tab.');
    expect(log).toContain('giveBack stopped');
    const refused = await run({ claim: [linear], outcome: [() => ({ state: 'refused', why: 'It is cut off.' })] });
    expect(refused.results[0]).toMatchObject({ state: 'refused', why: 'It is cut off.' });
  });
});
