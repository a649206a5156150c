/** A search's events as they happen. */
import type { SearchEvent } from '#core/contracts/views.ts';
import { type EventHub, followEvents } from '../../events/index.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../scopes.ts';

/** Yields every event after `afterNumber`, in order and without end, until `signal` aborts. */
export async function* followSearch(
  ctx: ServiceContext,
  hub: EventHub,
  input: { id: string; afterNumber: number },
  signal: AbortSignal,
): AsyncGenerator<SearchEvent> {
  await authorize(ctx, 'search.read', { searchId: input.id });
  yield* followEvents(ctx.db, hub, input.id, input.afterNumber, signal);
}
