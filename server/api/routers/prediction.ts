import { z } from 'zod';
import { createPrediction } from '../../services/prediction/create.ts';
import { deletePrediction } from '../../services/prediction/delete.ts';
import { listPredictions } from '../../services/prediction/list.ts';
import { router, scopedProcedure } from '../trpc.ts';

export const predictionRouter = router({
  list: scopedProcedure('prediction.read')
    .input(z.object({ modelId: z.uuid() }))
    .query(({ ctx, input }) => listPredictions(ctx.service, input)),
  create: scopedProcedure('prediction.create')
    .input(z.object({ modelId: z.uuid(), uploadId: z.uuid(), format: z.enum(['csv', 'parquet']).default('csv') }))
    .mutation(({ ctx, input }) => createPrediction(ctx.service, input)),
  delete: scopedProcedure('prediction.delete')
    .input(z.object({ id: z.uuid() }))
    .mutation(({ ctx, input }) => deletePrediction(ctx.service, input)),
});
