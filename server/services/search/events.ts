/** A piece of a search's event log. */
import type { SearchEvent } from '#core/contracts/views.ts';
import { readEvents } from '../../events/index.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../scopes.ts';

export async function listSearchEvents(
  ctx: ServiceContext,
  input: { id: string; afterNumber: number },
): Promise<SearchEvent[]> {
  await authorize(ctx, 'search.read', { searchId: input.id });
  return readEvents(ctx.db, input.id, input.afterNumber);
}
