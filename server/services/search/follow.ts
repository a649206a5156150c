/** A search's events as they happen. */
import type { SearchEvent } from '#core/contracts/views.ts';
import { type EventHub, followEvents } from '../../events/index.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../scopes.ts';

/** A stream may stay open for hours; who lost access in the meantime gets at most this much more. */
const recheckMs = 15_000;

/** Yields every event after `afterNumber`, in order and without end, until `signal` aborts. */
export async function* followSearch(
  ctx: ServiceContext,
  hub: EventHub,
  input: { id: string; afterNumber: number },
  signal: AbortSignal,
): AsyncGenerator<SearchEvent> {
  await authorize(ctx, 'search.read', { searchId: input.id });
  let checked = ctx.now().getTime();
  for await (const event of followEvents(ctx.db, hub, input.id, input.afterNumber, signal)) {
    if (ctx.now().getTime() - checked > recheckMs) {
      await authorize(ctx, 'search.read', { searchId: input.id });
      checked = ctx.now().getTime();
    }
    yield event;
  }
}
