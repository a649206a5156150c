import { z } from 'zod';
import { nameSchema } from '#core/contracts/account.ts';
import { listWorkspaces } from '../../services/workspace/list.ts';
import { renameWorkspace } from '../../services/workspace/rename.ts';
import { router, scopedProcedure, selfProcedure } from '../trpc.ts';

export const workspaceRouter = router({
  list: selfProcedure.query(({ ctx }) => listWorkspaces(ctx.service)),
  rename: scopedProcedure('workspace.rename')
    .input(z.object({ id: z.uuid(), name: nameSchema }))
    .mutation(({ ctx, input }) => renameWorkspace(ctx.service, input)),
});
