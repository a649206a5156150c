/** Inserts proposed trials; equal ones of the same search are left out, known ones are reused through the bank. */
import { eq, sql } from 'drizzle-orm';
import type { Proposal } from '#core/strategies/strategy.ts';
import type { Tx } from '#db/client.ts';
import { tasks, trials } from '#db/schema/searches.ts';
import { appendEvent } from '../../events/index.ts';
import { findReusable } from '../bank/reuse.ts';
import type { Services } from '../context.ts';
import type { SearchRowData } from '../search/clock.ts';
import { preparationOf } from '../search/prepared.ts';
import { trialKey } from './key.ts';
import { type TrialRowData, viewTrial } from './view.ts';

/** Depends on search seed and design alone, so that a replay trains the same however trials were numbered. */
export const trialSeed = (seed: number, designHash: string): number =>
  (Number.parseInt(designHash.slice(0, 8), 16) ^ Math.imul(seed + 1, 0x9e3779b1)) >>> 0;

/** The caller holds the search's row. */
export async function insertTrials(
  ctx: Services,
  tx: Tx,
  search: SearchRowData,
  proposals: readonly Proposal[],
): Promise<{
  inserted: TrialRowData[];
  limits: { number: number; hash: string; limitSeconds: number }[];
  reused: number;
}> {
  if (proposals.length === 0) return { inserted: [], limits: [], reused: 0 };
  const [task] = await tx.select({ hash: tasks.hash }).from(tasks).where(eq(tasks.id, search.taskId));
  const [last] = await tx
    .select({ n: sql<number>`coalesce(max(${trials.number}), 0)::int` })
    .from(trials)
    .where(eq(trials.searchId, search.id));
  const { setup } = preparationOf(search);
  let number = last?.n ?? 0;
  let reused = 0;
  const inserted: TrialRowData[] = [];
  const limits: { number: number; hash: string; limitSeconds: number }[] = [];
  for (const proposal of proposals) {
    const { design, origin, learner, summary } = proposal;
    const key = trialKey(task?.hash ?? '', setup, proposal.hash);
    const known = search.request.reuse ? await findReusable(ctx, tx, search, key) : undefined;
    const now = ctx.now();
    const [row] = await tx
      .insert(trials)
      .values({
        searchId: search.id,
        number: number + 1,
        key,
        role: learner === 'baseline' ? 'baseline' : 'search',
        origin,
        learner,
        design: { ...design },
        summary,
        seed: trialSeed(search.seed, proposal.hash),
        createdAt: now,
        ...(known ? { ...known, state: 'done' as const, reused: 1, startedAt: now, endedAt: now } : {}),
      })
      .onConflictDoNothing()
      .returning();
    if (!row) continue;
    number += 1;
    if (known) reused += 1;
    inserted.push(row);
    limits.push({ number, hash: proposal.hash, limitSeconds: proposal.limitSeconds });
    await appendEvent(tx, search.id, known ? 'trial.ended' : 'trial.queued', { trial: viewTrial(row, search) });
  }
  return { inserted, limits, reused };
}
