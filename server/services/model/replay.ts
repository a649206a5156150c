/** Replays of a model's receipt: asking for one, and what came of them. */
import { and, desc, eq, inArray } from 'drizzle-orm';
import type { ReplayView } from '#core/contracts/replay.ts';
import { replays } from '#db/schema/models.ts';
import { recordAudit } from '../audit/record.ts';
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { loadModel } from './load.ts';

type ReplayRow = typeof replays.$inferSelect;

/** Replays that a page shows at most, newest first. */
const shown = 20;

/**
 * A worker runs it besides searches, in one process.
 * @returns its id
 * @throws AppError `conflict` while another one of the model is under way
 */
export async function replayModel(ctx: ServiceContext, input: { id: string; all: boolean }): Promise<{ id: string }> {
  const { model, access } = await loadModel(ctx, 'model.replay', input.id);
  return ctx.db.transaction(async (tx) => {
    const userId = ctx.actor.kind === 'user' ? ctx.actor.userId : null;
    const [row] = await tx
      .insert(replays)
      .values({ modelId: model.id, userId, all: input.all, createdAt: ctx.now() })
      .onConflictDoNothing()
      .returning({ id: replays.id });
    if (!row) throw new AppError('conflict', 'A replay of this model is under way; wait for what it finds.');
    await ctx.queue.send(tx, 'model.replay', { replayId: row.id });
    await recordAudit(tx, ctx, { ...access, action: 'model.replay', subject: `model:${model.id}` });
    return row;
  });
}

export async function listReplays(ctx: ServiceContext, input: { id: string }): Promise<ReplayView[]> {
  const { model } = await loadModel(ctx, 'model.read', input.id);
  const rows = await ctx.db
    .select()
    .from(replays)
    .where(eq(replays.modelId, model.id))
    .orderBy(desc(replays.createdAt))
    .limit(shown);
  return rows.map(viewReplay);
}

const viewReplay = ({ id, state, all, report, error, createdAt, endedAt }: ReplayRow): ReplayView => ({
  id,
  state,
  all,
  report,
  error,
  createdAt,
  endedAt,
});

export const openReplay = (id: string) => and(eq(replays.id, id), inArray(replays.state, ['queued', 'running']));
