/** One trial with its design. */
import { eq } from 'drizzle-orm';
import type { TrialView } from '#core/contracts/views.ts';
import { searches, trials } from '#db/schema/searches.ts';
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { authorize } from '../scopes.ts';
import { type TrialRowData, viewTrial } from './view.ts';

export interface TrialDetail extends TrialView {
  readonly design: TrialRowData['design'];
  readonly key: string;
  readonly seed: number;
  readonly steps: readonly number[] | null;
  readonly attempts: number;
  readonly peakMegabytes: number | null;
}

export async function getTrial(ctx: ServiceContext, input: { id: string }): Promise<TrialDetail> {
  await authorize(ctx, 'search.read', { trialId: input.id });
  const [row] = await ctx.db
    .select({ trial: trials, search: searches })
    .from(trials)
    .innerJoin(searches, eq(searches.id, trials.searchId))
    .where(eq(trials.id, input.id));
  if (!row) throw new AppError('not_found', 'There is no such trial.');
  const { design, key, seed, steps, attempts, peakMegabytes } = row.trial;
  return { ...viewTrial(row.trial, row.search), design, key, seed, steps, attempts, peakMegabytes };
}
