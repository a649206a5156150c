/** A lent tab at work: takes trials of one search, one after another, until it is stopped or the search is over. */
import { CancelledError } from '#core/contracts/learner.ts';
import type { Runtime } from '#core/contracts/runtime.ts';
import type { Prepared } from '#core/tasks/prepared-task.ts';
import { FoldWatch } from './fold-watch.ts';
import type { HeldTrial, LendResult, LendState } from './lend-messages.ts';
import { type LendServer, type LentTrial, RefusedError } from './lend-server.ts';
import { lentLearners, trainTrial } from './train-trial.ts';

export interface LendParts {
  readonly server: LendServer;
  readonly prepared: Prepared;
  readonly runtime: Runtime;
  readonly device: string;
  readonly stopped: () => boolean;
  readonly breathe: () => Promise<void>;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Seconds of a clock that only runs forward. */
  readonly now: () => number;
  readonly tell: (change: Partial<LendState>) => void;
}

/** The server waits ten seconds for a sign of life. */
const beatMs = 2500;
const askAgainMs = 1000;
const outcomeMs = 400;
/** Tries at sending a model before it is given up; the server may be starting again. */
const sendTries = 12;
const shownResults = 4;

/** Trials in a row that a learner may be too slow for here before this tab takes no more of them. */
const patience = 2;

/** @returns why it ended */
export async function lendTab(searchId: string, parts: LendParts): Promise<string> {
  const { server, device, tell, sleep } = parts;
  const results: LendResult[] = [];
  const late = new Map<string, number>();
  while (!parts.stopped()) {
    const learners = lentLearners.filter((name) => (late.get(name) ?? 0) < patience);
    if (learners.length === 0) return 'This tab is too slow for the trials of this search.';
    const claimed = await server.claim(searchId, device, learners).catch((error: unknown) => {
      if (error instanceof RefusedError) throw error;
      return { kind: 'wait' as const, why: 'The server does not answer; trying again.' };
    });
    if (claimed.kind === 'over') return claimed.why;
    if (claimed.kind === 'wait') {
      tell({ phase: 'waiting', note: claimed.why, trial: null, progress: null });
      await sleep(askAgainMs);
      continue;
    }
    const { number, summary, learner } = claimed.trial;
    const ending = await runTrial(claimed.trial, parts);
    if (!ending) continue;
    late.set(learner, ending.why === tooSlow ? (late.get(learner) ?? 0) + 1 : 0);
    results.unshift({ number, summary, ...ending });
    tell({ results: results.slice(0, shownResults) });
  }
  return 'You stopped lending this tab.';
}

const tooSlow = 'This tab was too slow for it; a worker takes it.';
type Ending = Omit<LendResult, 'number' | 'summary'>;
const without = (state: 'returned' | 'dropped', why: string): Ending => ({ state, score: null, why });

/** @returns how it ended; null where the trial was only handed back */
async function runTrial(trial: LentTrial, parts: LendParts): Promise<Ending | null> {
  const { server, tell, prepared, runtime, now } = parts;
  const { trialId, lease, number, learner, summary } = trial;
  const held: HeldTrial = { trialId, lease, number, learner, summary };
  tell({ phase: 'training', note: null, trial: held, progress: null });
  const wants = { verdict: 'go on' as 'go on' | 'pause' | 'lost' };
  const beating = setInterval(() => {
    server.beat(held).then(
      ({ wish }) => {
        if (wants.verdict === 'go on') wants.verdict = wish;
      },
      (error: unknown) => {
        // A server that is away for a moment takes nothing away.
        if (error instanceof RefusedError) wants.verdict = 'lost';
      },
    );
  }, beatMs);
  const watch = new FoldWatch(now);
  const giveBack = (why: 'stopped' | 'failed' | 'late') => server.giveBack(held, why).catch(() => undefined);
  try {
    const model = await trainTrial(trial, prepared, runtime, {
      cancelled: () => wants.verdict !== 'go on' || parts.stopped(),
      breathe: parts.breathe,
      onProgress: (progress) => tell({ progress: watch.next(progress) }),
      now,
    });
    tell({ phase: 'sending', progress: null });
    await send(parts, held, model);
  } catch (error) {
    if (wants.verdict === 'lost' || error instanceof RefusedError) {
      const words = error instanceof RefusedError ? error.message : 'The server gave the trial to a worker.';
      return without('dropped', words);
    }
    if (error instanceof CancelledError) {
      await giveBack('stopped');
      return null;
    }
    const late = error instanceof Error && error.name === 'OutOfTimeError';
    await giveBack(late ? 'late' : 'failed');
    const words = error instanceof Error ? error.message : String(error);
    return without('returned', late ? tooSlow : words);
  } finally {
    clearInterval(beating);
  }
  tell({ phase: 'judging' });
  return judged(parts, held);
}

async function send({ server, sleep }: LendParts, held: HeldTrial, model: Uint8Array): Promise<void> {
  for (let left = sendTries; ; left--) {
    try {
      return await server.submit(held, model);
    } catch (error) {
      if (error instanceof RefusedError || left === 0) throw error;
      await sleep(askAgainMs);
    }
  }
}

/** From here on the server has the model: what follows is only for the page. */
async function judged({ server, sleep, stopped }: LendParts, held: HeldTrial): Promise<Ending | null> {
  while (!stopped()) {
    const outcome = await server.outcome(held).catch((error: unknown) => {
      if (error instanceof RefusedError) throw error;
      return { state: 'judging' as const };
    });
    if (outcome.state === 'kept') return { state: 'kept', score: outcome.score, why: null };
    if (outcome.state === 'refused') return { state: 'refused', score: null, why: outcome.why };
    if (outcome.state === 'dropped') return without('dropped', 'The search ended before it was scored.');
    await sleep(outcomeMs);
  }
  return null;
}
