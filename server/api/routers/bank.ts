import { z } from 'zod';
import { getBankTask } from '../../services/bank/get.ts';
import { listBankTasks } from '../../services/bank/list.ts';
import { router, selfProcedure } from '../trpc.ts';

export const bankRouter = router({
  /** Tasks of the workspaces that the caller belongs to, and what ships with the product. */
  tasks: selfProcedure.query(({ ctx }) => listBankTasks(ctx.service)),
  task: selfProcedure.input(z.object({ id: z.uuid() })).query(({ ctx, input }) => getBankTask(ctx.service, input)),
});
