/** *Resume*: the clock runs on and the queued trials go on. */
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { controlSearch } from './control.ts';
import { moveTo } from './transition.ts';

/** @throws AppError `conflict` unless the search is paused */
export async function resumeSearch(ctx: ServiceContext, input: { id: string }): Promise<void> {
  await controlSearch(ctx, 'resume', input.id, async (tx, search) => {
    if (search.state === 'searching') return;
    if (search.state !== 'paused')
      throw new AppError('conflict', `Only a paused search can be resumed; this one is ${search.state}.`);
    await moveTo(tx, search, 'searching', ctx.now(), { finishRequested: null });
    await ctx.queue.send(tx, 'search.step', { searchId: search.id }, { priority: 10 });
  });
}
