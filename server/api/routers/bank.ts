import { z } from 'zod';
import { exportBank } from '../../services/bank/export.ts';
import { findDesigns, findSchema } from '../../services/bank/find.ts';
import { getBankTask } from '../../services/bank/get.ts';
import { importBank } from '../../services/bank/import.ts';
import { listBankTasks } from '../../services/bank/list.ts';
import { router, scopedProcedure, selfProcedure } from '../trpc.ts';

/** Characters of a bank file: about 20,000 trials. */
const mostCharacters = 8_000_000;

export const bankRouter = router({
  /** Tasks of the workspaces that the caller belongs to, and what ships with the product. */
  tasks: selfProcedure.query(({ ctx }) => listBankTasks(ctx.service)),
  task: selfProcedure.input(z.object({ id: z.uuid() })).query(({ ctx, input }) => getBankTask(ctx.service, input)),
  /** Designs by a question in plain words. */
  find: selfProcedure.input(findSchema).query(({ ctx, input }) => findDesigns(ctx.service, input)),
  /** A mutation because it is written down in the activity. */
  export: scopedProcedure('bank.export')
    .input(z.object({ workspaceId: z.uuid() }))
    .mutation(({ ctx, input }) => exportBank(ctx.service, input)),
  import: scopedProcedure('bank.import')
    .input(z.object({ workspaceId: z.uuid(), text: z.string().max(mostCharacters) }))
    .mutation(({ ctx, input }) => importBank(ctx.service, input)),
});
