/** *Cancel*: stops everything at once and makes no model; finished trials stay in the list and in the bank. */
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { dropOpenTrials } from '../trial/drop.ts';
import { controlSearch } from './control.ts';
import { emptyResult } from './fail.ts';
import { isEnded, moveTo } from './transition.ts';

/** @throws AppError `conflict` when the search has ended otherwise */
export async function cancelSearch(ctx: ServiceContext, input: { id: string }): Promise<void> {
  await controlSearch(ctx, 'cancel', input.id, async (tx, search) => {
    if (search.state === 'cancelled') return;
    if (isEnded(search.state)) throw new AppError('conflict', `This search is already ${search.state}.`);
    await dropOpenTrials(tx, search, ctx.now());
    const result = { ...(await emptyResult(tx, search, ctx.now())), status: 'cancelled' as const };
    await moveTo(tx, search, 'cancelled', ctx.now(), { finishRequested: 'cancel', result });
  });
}
