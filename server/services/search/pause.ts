/** *Pause*: the clock stops, finished trials stay, running ones go back to the queue and start again on resume. */
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { controlSearch } from './control.ts';
import { moveTo } from './transition.ts';

/** @throws AppError `conflict` unless the search is searching */
export async function pauseSearch(ctx: ServiceContext, input: { id: string }): Promise<void> {
  await controlSearch(ctx, 'pause', input.id, async (tx, search) => {
    if (search.state === 'pausing' || search.state === 'paused') return;
    if (search.state !== 'searching')
      throw new AppError('conflict', `Only a search that is searching can be paused; this one is ${search.state}.`);
    await moveTo(tx, search, 'pausing', ctx.now(), { finishRequested: 'pause' });
    await ctx.queue.send(tx, 'search.step', { searchId: search.id }, { priority: 10 });
  });
}
