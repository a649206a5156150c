import { tracked } from '@trpc/server';
import { z } from 'zod';
import { cancelSearch } from '../../services/search/cancel.ts';
import { cloneSearch } from '../../services/search/clone.ts';
import { deleteSearch } from '../../services/search/delete.ts';
import { finishSearch } from '../../services/search/finish.ts';
import { followSearch } from '../../services/search/follow.ts';
import { getSearch } from '../../services/search/get.ts';
import { listSearches } from '../../services/search/list.ts';
import { readSearchLog } from '../../services/search/log.ts';
import { pauseSearch } from '../../services/search/pause.ts';
import { quoteSchema, quoteSearch } from '../../services/search/quote.ts';
import { resumeSearch } from '../../services/search/resume.ts';
import { startSearch, startSearchSchema } from '../../services/search/start.ts';
import { getTrial } from '../../services/trial/get.ts';
import { listTrials } from '../../services/trial/list.ts';
import { eventHub } from '../hub.ts';
import { router, scopedProcedure } from '../trpc.ts';

const byId = z.object({ id: z.uuid() });
const read = scopedProcedure('search.read').input(byId);

export const searchRouter = router({
  start: scopedProcedure('search.start')
    .input(startSearchSchema)
    .mutation(({ ctx, input }) => startSearch(ctx.service, input)),
  get: read.query(({ ctx, input }) => getSearch(ctx.service, input)),
  list: scopedProcedure('search.read')
    .input(z.object({ projectId: z.uuid() }))
    .query(({ ctx, input }) => listSearches(ctx.service, input)),
  log: read.query(({ ctx, input }) => readSearchLog(ctx.service, input)),
  trials: read.query(({ ctx, input }) => listTrials(ctx.service, input)),
  /** One trial by its own id. */
  trial: read.query(({ ctx, input }) => getTrial(ctx.service, input)),
  clone: read.query(({ ctx, input }) => cloneSearch(ctx.service, input)),
  quote: scopedProcedure('search.read')
    .input(quoteSchema)
    .query(({ ctx, input }) => quoteSearch(ctx.service, input)),
  finish: scopedProcedure('search.finish')
    .input(byId)
    .mutation(({ ctx, input }) => finishSearch(ctx.service, input)),
  pause: scopedProcedure('search.pause')
    .input(byId)
    .mutation(({ ctx, input }) => pauseSearch(ctx.service, input)),
  resume: scopedProcedure('search.resume')
    .input(byId)
    .mutation(({ ctx, input }) => resumeSearch(ctx.service, input)),
  cancel: scopedProcedure('search.cancel')
    .input(byId)
    .mutation(({ ctx, input }) => cancelSearch(ctx.service, input)),
  delete: scopedProcedure('search.delete')
    .input(byId)
    .mutation(({ ctx, input }) => deleteSearch(ctx.service, input)),
  /** Resumes after `lastEventId`: nothing is missed or doubled after a reload or a lost network. */
  events: scopedProcedure('search.read')
    .input(byId.extend({ lastEventId: z.coerce.number().int().min(0).nullish() }))
    .subscription(async function* ({ ctx, input, signal }) {
      const { service } = ctx;
      const hub = eventHub(service.config.databaseUrl);
      const from = { id: input.id, afterNumber: input.lastEventId ?? 0 };
      for await (const event of followSearch(service, hub, from, signal ?? new AbortController().signal))
        yield tracked(String(event.number), event);
    }),
});
