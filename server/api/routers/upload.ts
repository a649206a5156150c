import { z } from 'zod';
import { fileNameSchema } from '#core/contracts/account.ts';
import { cancelUpload } from '../../services/upload/cancel.ts';
import { createUpload } from '../../services/upload/create.ts';
import { finishUpload } from '../../services/upload/finish.ts';
import { getUpload } from '../../services/upload/get.ts';
import { router, scopedProcedure } from '../trpc.ts';

const byId = z.object({ id: z.uuid() });

/** The bytes themselves travel by PUT to `/api/uploads/<id>`. */
export const uploadRouter = router({
  create: scopedProcedure('upload.create')
    .input(z.object({ projectId: z.uuid(), fileName: fileNameSchema, bytes: z.number().int().min(0) }))
    .mutation(({ ctx, input }) => createUpload(ctx.service, input)),
  get: scopedProcedure('upload.read')
    .input(byId)
    .query(({ ctx, input }) => getUpload(ctx.service, input)),
  cancel: scopedProcedure('upload.cancel')
    .input(byId)
    .mutation(({ ctx, input }) => cancelUpload(ctx.service, input)),
  finish: scopedProcedure('upload.finish')
    .input(byId.extend({ datasetId: z.uuid().nullish() }))
    .mutation(({ ctx, input }) => finishUpload(ctx.service, input)),
});
