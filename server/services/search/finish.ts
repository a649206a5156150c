/** *Finish now*: stops searching, keeps every finished trial and builds the model from them. */
import { eq } from 'drizzle-orm';
import { searches } from '#db/schema/searches.ts';
import { appendEvent } from '../../events/index.ts';
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { dropOpenTrials } from '../trial/drop.ts';
import { controlSearch } from './control.ts';
import { isEnded, moveTo } from './transition.ts';

/**
 * Running trials are stopped, unless none has finished yet: then the first one to finish ends the search.
 * @throws AppError `conflict` when the search has ended
 */
export async function finishSearch(ctx: ServiceContext, input: { id: string }): Promise<void> {
  await controlSearch(ctx, 'finish', input.id, async (tx, search) => {
    if (isEnded(search.state)) throw new AppError('conflict', `This search is already ${search.state}.`);
    if (search.state === 'finalising' || search.state === 'verifying') return;
    await tx.update(searches).set({ finishRequested: 'finish' }).where(eq(searches.id, search.id));
    await appendEvent(tx, search.id, 'log', { level: 'info', message: 'Finish now was asked for.' });
    if (search.state === 'paused') {
      const done = await dropOpenTrials(tx, search, ctx.now());
      if (done === 0) throw new AppError('conflict', 'No trial has finished yet: resume the search, or cancel it.');
      await moveTo(tx, search, 'finalising', ctx.now());
      await ctx.queue.send(tx, 'model.finalize', { searchId: search.id }, { priority: 10 });
    } else {
      await ctx.queue.send(tx, 'search.step', { searchId: search.id }, { priority: 10 });
    }
  });
}
