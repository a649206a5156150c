import { z } from 'zod';
import { createApiKeySchema } from '#core/contracts/account.ts';
import { createApiKey } from '../../services/api-key/create.ts';
import { listApiKeys } from '../../services/api-key/list.ts';
import { revokeApiKey } from '../../services/api-key/revoke.ts';
import { router, scopedProcedure } from '../trpc.ts';

export const apiKeyRouter = router({
  list: scopedProcedure('apiKey.read')
    .input(z.object({ workspaceId: z.uuid() }))
    .query(({ ctx, input }) => listApiKeys(ctx.service, input)),
  create: scopedProcedure('apiKey.create')
    .input(createApiKeySchema)
    .mutation(({ ctx, input }) => createApiKey(ctx.service, input)),
  revoke: scopedProcedure('apiKey.revoke')
    .input(z.object({ id: z.uuid() }))
    .mutation(({ ctx, input }) => revokeApiKey(ctx.service, input)),
});
