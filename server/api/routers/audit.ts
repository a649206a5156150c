import { z } from 'zod';
import { listAudit } from '../../services/audit/list.ts';
import { router, scopedProcedure } from '../trpc.ts';

export const auditRouter = router({
  list: scopedProcedure('audit.read')
    .input(z.object({ projectId: z.uuid(), cursor: z.string().max(100).nullish() }))
    .query(({ ctx, input }) => listAudit(ctx.service, input)),
});
