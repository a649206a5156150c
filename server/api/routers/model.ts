import { z } from 'zod';
import { faultKinds } from '#core/contracts/faults.ts';
import { archiveModel } from '../../services/model/archive.ts';
import { listChecks } from '../../services/model/checks.ts';
import { deleteModel } from '../../services/model/delete.ts';
import { listFaults } from '../../services/model/faults.ts';
import { getModel } from '../../services/model/get.ts';
import { getGolden } from '../../services/model/golden.ts';
import { getInsights } from '../../services/model/insights.ts';
import { listModels } from '../../services/model/list.ts';
import { outlineModel } from '../../services/model/outline.ts';
import { publishModel } from '../../services/model/publish.ts';
import { listReplays, replayModel } from '../../services/model/replay.ts';
import { getReport } from '../../services/model/report.ts';
import { submitCheck, submitCheckSchema } from '../../services/model/submit-check.ts';
import { router, scopedProcedure } from '../trpc.ts';

const byId = z.object({ id: z.uuid() });
const read = scopedProcedure('model.read').input(byId);

export const modelRouter = router({
  get: read.query(({ ctx, input }) => getModel(ctx.service, input)),
  list: scopedProcedure('model.read')
    .input(z.object({ projectId: z.uuid() }))
    .query(({ ctx, input }) => listModels(ctx.service, input)),
  report: read.query(({ ctx, input }) => getReport(ctx.service, input)),
  golden: read.query(({ ctx, input }) => getGolden(ctx.service, input)),
  checks: read.query(({ ctx, input }) => listChecks(ctx.service, input)),
  faults: scopedProcedure('model.read')
    .input(
      byId.extend({
        kind: z.enum(faultKinds),
        offset: z.number().int().min(0).default(0),
        limit: z.number().int().min(1).max(1000).default(200),
        /** Set by infinite queries: takes the place of `offset`. */
        cursor: z.number().int().min(0).nullish(),
      }),
    )
    .query(({ ctx, input }) => listFaults(ctx.service, { ...input, offset: input.cursor ?? input.offset })),
  insights: read.query(({ ctx, input }) => getInsights(ctx.service, input)),
  outline: read.query(({ ctx, input }) => outlineModel(ctx.service, input)),
  submitCheck: scopedProcedure('model.check')
    .input(submitCheckSchema)
    .mutation(({ ctx, input }) => submitCheck(ctx.service, input)),
  replay: scopedProcedure('model.replay')
    .input(byId.extend({ all: z.boolean().default(false) }))
    .mutation(({ ctx, input }) => replayModel(ctx.service, input)),
  replays: read.query(({ ctx, input }) => listReplays(ctx.service, input)),
  publish: scopedProcedure('model.publish')
    .input(byId)
    .mutation(({ ctx, input }) => publishModel(ctx.service, input)),
  archive: scopedProcedure('model.archive')
    .input(byId)
    .mutation(({ ctx, input }) => archiveModel(ctx.service, input)),
  delete: scopedProcedure('model.delete')
    .input(byId)
    .mutation(({ ctx, input }) => deleteModel(ctx.service, input)),
});
