/** Hands a waiting trial to a tab, under the rules that every worker keeps. */
import { randomUUID } from 'node:crypto';
import { and, asc, count, eq, inArray, ne } from 'drizzle-orm';
import { z } from 'zod';
import type { MetricName } from '#core/contracts/task.ts';
import type { Tx } from '#db/client.ts';
import { trials } from '#db/schema/searches.ts';
import { recordAudit } from '../audit/record.ts';
import { requireUser, type ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { takeAttempt } from '../rate-limit/take.ts';
import { authorize } from '../scopes.ts';
import { type SearchRowData, trialSecondsLeft } from '../search/clock.ts';
import { withSearch } from '../search/lock.ts';
import { preparationOf } from '../search/prepared.ts';
import { takeTrial, trialTime } from '../trial/claim.ts';
import { runsInTab, tabDevice, tabOwner } from '../trial/owner.ts';
import type { TrialRowData } from '../trial/view.ts';

export const claimSchema = z.object({
  searchId: z.uuid(),
  /** What the tab runs on, in its own words: shown beside the trial. */
  device: z.string().trim().min(1).max(120),
  /** Learners that the tab can train. */
  learners: z.array(z.string().max(40)).min(1).max(20),
});

export interface LentTrial {
  readonly trialId: string;
  readonly lease: string;
  readonly number: number;
  readonly learner: string;
  readonly summary: string;
  readonly design: TrialRowData['design'];
  readonly seed: number;
  readonly metric: MetricName;
  /** Seconds that training may take, counted from this answer. */
  readonly seconds: number;
}

/** `over`: there will be nothing more. `wait`: ask again in a moment. */
export type Claimed =
  | { readonly kind: 'trial'; readonly trial: LentTrial }
  | { readonly kind: 'wait'; readonly why: string }
  | { readonly kind: 'over'; readonly why: string };

/** Trials that one person's tabs, and all tabs of one search, may hold at once. */
export const mostTabs = { person: 4, search: 16 };
/** A tab that waits asks about once a second. */
const claims = { name: 'lend', max: 600, seconds: 60 };
/** Less is not worth the way. */
const leastSeconds = 2;
const say = (kind: 'wait' | 'over', why: string): Claimed => ({ kind, why });

/** Seconds to keep for sending a model back and judging it. */
const judgingSeconds = (rows: number): number => Math.min(10, 1.5 + 3e-5 * rows);

/** @throws AppError `conflict` for one tab too many, `rate_limited` */
export async function claimForTab(ctx: ServiceContext, input: z.input<typeof claimSchema>): Promise<Claimed> {
  const access = await authorize(ctx, 'search.lend', { searchId: input.searchId });
  const { userId } = requireUser(ctx);
  const { device, learners, searchId } = claimSchema.parse(input);
  await takeAttempt(ctx.db, claims, [userId], ctx.now());
  return withSearch(ctx.db, searchId, async (tx, search): Promise<Claimed> => {
    const { state } = search;
    if (state === 'paused' || state === 'pausing') return say('wait', 'The search is paused.');
    if (state === 'queued' || state === 'starting') return say('wait', 'The search is still reading its data.');
    if (state !== 'searching' || search.finishRequested) return say('over', 'The search has stopped searching.');
    if (!search.preparedKey) throw new AppError('conflict', 'This search has no prepared data.');
    const now = ctx.now();
    const left = trialSecondsLeft(search, now) - judgingSeconds(preparationOf(search).trainRows);
    if (left < leastSeconds) return say('over', 'What is left of the budget is too short for another trial here.');
    await checkRoom(tx, search, userId);
    const waiting = await firstWaiting(tx, search, learners);
    if (!waiting) return say('wait', 'Every trial is taken; the search is choosing the next.');
    const lease = randomUUID();
    const taken = await takeTrial(ctx, tx, search, {
      trialId: waiting,
      worker: tabOwner(userId, lease),
      device: tabDevice(device),
    });
    if (!taken) throw new Error('a queued trial was not there, though the search is locked');
    await recordAudit(tx, ctx, {
      ...access,
      action: 'search.lend',
      subject: `trial:${taken.id}`,
      detail: { trial: taken.number, device },
    });
    // Another trial takes its place in the queue, so that no worker goes without.
    await ctx.queue.send(tx, 'search.step', { searchId }, { priority: 5 });
    const { id: trialId, number, learner, summary, design, seed } = taken;
    const seconds = Math.min(left, trialTime(search, taken, now).seconds);
    const { metric } = search.request;
    return { kind: 'trial', trial: { trialId, lease, number, learner, summary, design, seed, metric, seconds } };
  });
}

async function checkRoom(tx: Tx, search: SearchRowData, userId: string): Promise<void> {
  const held = async (where: ReturnType<typeof and>) => {
    const [row] = await tx
      .select({ n: count() })
      .from(trials)
      .where(and(eq(trials.state, 'running'), where));
    return row?.n ?? 0;
  };
  if ((await held(runsInTab(userId))) >= mostTabs.person)
    throw new AppError('conflict', `You lend ${mostTabs.person} tabs already; that is the most.`);
  if ((await held(and(eq(trials.searchId, search.id), runsInTab()))) >= mostTabs.search)
    throw new AppError('conflict', `${mostTabs.search} tabs are lent to this search already; that is the most.`);
}

/** Oldest first. A trial that somebody began and lost goes to a worker, and so does the baseline, which takes milliseconds. */
async function firstWaiting(tx: Tx, search: SearchRowData, learners: readonly string[]): Promise<string | undefined> {
  const [row] = await tx
    .select({ id: trials.id })
    .from(trials)
    .where(
      and(
        eq(trials.searchId, search.id),
        eq(trials.state, 'queued'),
        eq(trials.attempts, 0),
        ne(trials.role, 'baseline'),
        inArray(trials.learner, [...learners]),
      ),
    )
    .orderBy(asc(trials.number))
    .limit(1);
  return row?.id;
}
