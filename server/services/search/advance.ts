/**
 * One step of a search: tell the strategy what ended, ask it for more, insert and enqueue trials, or end the search.
 * Claimed by compare-and-set on `revision`, so any number of workers may step the same search at once.
 */
import { and, asc, eq, inArray } from 'drizzle-orm';
import { lossOf } from '#core/metrics/evaluate.ts';
import { describeDesign, hashDesign } from '#core/spaces/identity.ts';
import { completeDesign } from '#core/spaces/space.ts';
import { strategyNamed } from '#core/strategies/registry.ts';
import { hasSettled } from '#core/strategies/stopping.ts';
import type { Proposal, SearchSetup, Strategy, StrategyState } from '#core/strategies/strategy.ts';
import { type AskEntry, isAsk } from '#core/strategies/trace.ts';
import type { Tx } from '#db/client.ts';
import { searches, trials } from '#db/schema/searches.ts';
import { appendEvent } from '../../events/index.ts';
import { suggestFromBank } from '../bank/suggest.ts';
import type { Services } from '../context.ts';
import { dropOpenTrials } from '../trial/drop.ts';
import { insertTrials } from '../trial/insert.ts';
import { readTabOwner } from '../trial/owner.ts';
import type { TrialRowData } from '../trial/view.ts';
import { elapsedSeconds, graceSeconds, leastTrialSeconds, type SearchRowData, trialSecondsLeft } from './clock.ts';
import { failSearch } from './fail.ts';
import { withSearch } from './lock.ts';
import { preparationOf, spaceOf } from './prepared.ts';
import { type StoredStrategy, storedStrategy } from './strategy-state.ts';
import { moveTo } from './transition.ts';

/** Trials that may fail before a search without any result gives up. */
const patience = 12;
const open = new Set(['queued', 'running']);
/** A learner's trial that ended, well or not. */
const isTried = ({ role, state }: Pick<TrialRowData, 'role' | 'state'>) =>
  role !== 'baseline' && !open.has(state) && state !== 'cancelled';

type Verdict = 'ask' | 'wait' | 'finalise' | 'give up';

interface Situation {
  readonly search: SearchRowData;
  readonly rows: readonly TrialRowData[];
  readonly secondsLeft: number;
}

/** What a search with these trials should do now. */
export function judge({ search, rows, secondsLeft: left }: Situation): Verdict {
  const count = (...states: TrialRowData['state'][]) => rows.filter((row) => states.includes(row.state)).length;
  const done = count('done');
  const running = count('running');
  const queued = count('queued');
  const failed = count('failed', 'timed_out', 'out_of_memory');
  if (done === 0 && failed >= patience && running + queued === 0) return 'give up';
  if (search.finishRequested === 'finish') return done > 0 ? 'finalise' : running + queued > 0 ? 'wait' : 'ask';
  const limit = search.request.maxTrials;
  const begun = done + running + queued + failed;
  if (limit && begun >= limit) return running + queued > 0 ? 'wait' : done > 0 ? 'finalise' : 'give up';
  if (isSettled(search, rows)) return 'finalise';
  if (left < leastTrialSeconds) {
    // Running trials end by their own deadline a moment later.
    if (running > 0 && left > -3) return 'wait';
    // Reading may have taken all of a short budget: the baseline alone is no answer while a learner has not been tried.
    const owed = !rows.some(isTried);
    if (done > 0 && !owed) return 'finalise';
    return running + queued > 0 ? 'wait' : 'ask';
  }
  return 'ask';
}

/** Whether it may end by itself and should, by the learners' finished trials in order of finishing. */
function isSettled({ request }: SearchRowData, rows: readonly TrialRowData[]): boolean {
  if (!request.stopEarly) return false;
  const finished = rows
    .filter(({ role, state, score }) => role !== 'baseline' && state === 'done' && score !== null)
    .sort((a, b) => (a.endedAt?.getTime() ?? 0) - (b.endedAt?.getTime() ?? 0) || a.number - b.number);
  return hasSettled(
    finished.map(({ score, low, high }) => ({
      loss: lossOf(request.metric, score!),
      halfWidth: low === null || high === null ? 0 : Math.abs(high - low) / 2,
    })),
  );
}

/**
 * Steps until nothing is left to decide for now.
 * @returns whether trials were taken over from the bank: finished ones that no worker will report
 */
export async function advanceSearch(ctx: Services, searchId: string): Promise<{ reused: boolean }> {
  const seen = { reused: false };
  for (let again = true, attempt = 0; again && attempt < 20; attempt++) again = await step(ctx, searchId, seen);
  return seen;
}

/** @returns true when the situation changed meanwhile, or changed by this step, and is to be looked at again */
async function step(ctx: Services, searchId: string, seen: { reused: boolean }): Promise<boolean> {
  const [search] = await ctx.db.select().from(searches).where(eq(searches.id, searchId));
  if (!search) return false;
  if (search.state === 'pausing') return endPausing(ctx, searchId);
  if (search.state !== 'searching') return false;
  const rows = await ctx.db.select().from(trials).where(eq(trials.searchId, searchId)).orderBy(asc(trials.number));
  const left = trialSecondsLeft(search, ctx.now());
  const verdict = judge({ search, rows, secondsLeft: left });
  if (verdict === 'give up') {
    const last = rows.findLast((row) => row.error)?.error;
    await failSearch(ctx, searchId, `No trial finished${last ? `; the last one said: ${last}` : '.'}`, 'no_model');
    return false;
  }
  if (verdict === 'finalise')
    return beginFinalising(ctx, searchId, left >= leastTrialSeconds && isSettled(search, rows));

  const room = rows.some(isTried) ? left : Math.max(left, graceSeconds);
  const told = await tellAndAsk(ctx, search, rows, verdict === 'ask' ? room : null);
  return withSearch(ctx.db, searchId, async (tx, now) => {
    if (now.revision !== search.revision || now.state !== 'searching') return true;
    const { stored, ask, proposals, prior } = told;
    if (prior) await appendEvent(tx, searchId, 'prior', prior);
    const made = await insertTrials(ctx, tx, now, proposals);
    const limits = { ...stored.limits };
    for (const { number, limitSeconds } of made.limits) limits[number] = limitSeconds;
    const numbers = new Map(made.limits.map(({ hash, number }) => [hash, number]));
    const trace = ask ? [...stored.trace, askEntry(ask, numbers)] : stored.trace;
    await tx
      .update(searches)
      .set({ strategyState: { ...stored, limits, trace }, revision: search.revision + 1 })
      .where(eq(searches.id, searchId));
    const waiting = await tx
      .select({ id: trials.id })
      .from(trials)
      .where(and(eq(trials.searchId, searchId), eq(trials.state, 'queued')));
    for (const { id } of waiting) await ctx.queue.send(tx, 'trial.train', { searchId, trialIds: [id] });
    const running = rows.some((row) => open.has(row.state));
    // Reused trials are done already; a strategy with nothing new to say while nothing runs ends the search.
    if (made.reused > 0) {
      seen.reused = true;
      return true;
    }
    if (verdict === 'ask' && made.inserted.length === 0 && !running) {
      if (!rows.some((row) => row.state === 'done')) return false;
      await closeSearching(ctx, tx, { ...now, revision: now.revision + 1 });
    }
    return false;
  });
}

/** Runs the strategy outside any transaction: whoever commits first wins, the others look again. */
async function tellAndAsk(ctx: Services, search: SearchRowData, rows: readonly TrialRowData[], left: number | null) {
  const lanes = ctx.config.workers.concurrency;
  const strategy = strategyNamed(search.request.strategy);
  const before = storedStrategy(search.strategyState);
  const fresh = before ? null : await initStrategy(ctx, search, strategy);
  const stored = before ?? (fresh as NonNullable<typeof fresh>).stored;
  const told = new Set(stored.told);
  const ended = rows.filter((row) => !open.has(row.state) && !told.has(row.number));
  ended.sort((a, b) => (a.endedAt?.getTime() ?? 0) - (b.endedAt?.getTime() ?? 0) || a.number - b.number);
  const space = spaceOf(search);
  const proposed = new Set(
    stored.trace.flatMap((entry) => (isAsk(entry) ? entry.proposals.map(({ hash }) => hash) : [])),
  );
  const outcomes = ended.map(({ number, design, state, score, seconds }) => {
    const hash = hashDesign(space, design);
    return { trial: number, hash, state, score, seconds: seconds ?? 0, ...(proposed.has(hash) ? {} : { design }) };
  });
  const state = outcomes.length > 0 ? strategy.tell(stored.state, outcomes) : stored.state;
  const trace = outcomes.length > 0 ? [...stored.trace, { tell: outcomes }] : stored.trace;
  // What tabs train keeps no worker busy.
  const pending = rows.filter((row) => open.has(row.state) && !readTabOwner(row.worker)).length;
  const counted = rows.filter((row) => row.state !== 'cancelled').length;
  const trialsLeft = search.request.maxTrials ? search.request.maxTrials - counted : Number.POSITIVE_INFINITY;
  const first = fresh && left !== null && trialsLeft > 2 ? [baselineProposal(search)] : [];
  // One trial waits per lane, so that no core idles between the end of one and the next step.
  const count = Math.min(trialsLeft - first.length, lanes * 2 - pending);
  const facts = { secondsLeft: Math.max(left ?? 0, 0), trialsLeft };
  const answer = left === null || count <= 0 ? null : strategy.ask(state, count, facts);
  return {
    stored: { ...stored, state: answer?.state ?? state, told: [...told, ...ended.map((row) => row.number)], trace },
    // A strategy that neither said nor learned anything need not be asked again.
    ask: answer && (answer.proposals.length > 0 || !isEqual(answer.state, state)) ? { count, facts, answer } : null,
    proposals: [...first, ...(answer?.proposals ?? [])],
    prior: fresh?.prior ?? null,
  };
}

const isEqual = (a: StrategyState, b: StrategyState): boolean => JSON.stringify(a) === JSON.stringify(b);

interface Ask {
  readonly count: number;
  readonly facts: { readonly secondsLeft: number; readonly trialsLeft: number };
  readonly answer: { readonly proposals: readonly Proposal[] };
}

/** @param numbers of the trials that proposals became, by hash */
function askEntry({ count, facts, answer }: Ask, numbers: ReadonlyMap<string, number>): AskEntry {
  return {
    ask: count,
    secondsLeft: facts.secondsLeft,
    trialsLeft: Number.isFinite(facts.trialsLeft) ? facts.trialsLeft : null,
    proposals: answer.proposals.map(({ hash, origin, limitSeconds }) => ({
      hash,
      origin,
      limitSeconds,
      trial: numbers.get(hash) ?? null,
    })),
  };
}

/** Majority or mean: milliseconds, so that there is something usable at once, and the score that all others must beat. */
function baselineProposal(search: SearchRowData): Proposal {
  const space = spaceOf(search);
  const design = completeDesign(space, { learner: 'baseline' });
  const hash = hashDesign(space, design);
  return {
    hash,
    design,
    learner: 'baseline',
    origin: 'portfolio',
    summary: describeDesign(space, design),
    expectedSeconds: 0.1,
    limitSeconds: graceSeconds,
  };
}

async function initStrategy(ctx: Services, search: SearchRowData, strategy: Strategy) {
  const { setup } = preparationOf(search);
  const { metaFeatures: _, ...facts } = setup;
  const left = trialSecondsLeft(search, ctx.now());
  const { suggestions, evidence } = await suggestFromBank(ctx, search, setup, left);
  const given: SearchSetup = {
    ...facts,
    searchSeconds: Math.max(1, left),
    workers: ctx.config.workers.concurrency,
    seed: search.seed,
    prior: suggestions,
  };
  const state = strategy.init(given);
  const stored: StoredStrategy = { name: strategy.name, setup: given, state, told: [], limits: {}, trace: [] };
  return { stored, prior: evidence };
}

function beginFinalising(ctx: Services, searchId: string, early: boolean): Promise<boolean> {
  return withSearch(ctx.db, searchId, async (tx, search) => {
    if (search.state !== 'searching') return false;
    if (early) {
      const message = 'Half of all trials brought nothing better: the search ends before its budget.';
      await appendEvent(tx, search.id, 'log', { level: 'info', message });
    }
    await closeSearching(ctx, tx, search);
    return false;
  });
}

async function closeSearching(ctx: Services, tx: Tx, search: SearchRowData): Promise<void> {
  const now = ctx.now();
  await dropOpenTrials(tx, search, now);
  const seconds = Math.max(0, elapsedSeconds(search, now) - (search.phaseSeconds.read ?? 0));
  await moveTo(tx, search, 'finalising', now, { phaseSeconds: { ...search.phaseSeconds, search: seconds } });
  await appendEvent(tx, search.id, 'phase', { name: 'search', seconds });
  await ctx.queue.send(tx, 'model.finalize', { searchId: search.id }, { priority: 10 });
}

/** Paused once nothing runs any more. */
function endPausing(ctx: Services, searchId: string): Promise<boolean> {
  return withSearch(ctx.db, searchId, async (tx, search) => {
    if (search.state !== 'pausing') return false;
    const running = await tx
      .select({ id: trials.id })
      .from(trials)
      .where(and(eq(trials.searchId, searchId), inArray(trials.state, ['running'])))
      .limit(1);
    if (running.length === 0) await moveTo(tx, search, 'paused', ctx.now());
    return false;
  });
}
