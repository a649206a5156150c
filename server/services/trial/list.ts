/** The trials of a search, in order of proposal. */
import { asc, eq } from 'drizzle-orm';
import type { TrialView } from '#core/contracts/views.ts';
import { searches, trials } from '#db/schema/searches.ts';
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { authorize } from '../scopes.ts';
import { viewTrial } from './view.ts';

export async function listTrials(ctx: ServiceContext, input: { id: string }): Promise<TrialView[]> {
  await authorize(ctx, 'search.read', { searchId: input.id });
  const [search] = await ctx.db.select().from(searches).where(eq(searches.id, input.id));
  if (!search) throw new AppError('not_found', 'There is no such search.');
  const rows = await ctx.db.select().from(trials).where(eq(trials.searchId, input.id)).orderBy(asc(trials.number));
  return rows.map((trial) => viewTrial(trial, search));
}
