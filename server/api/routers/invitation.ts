import { z } from 'zod';
import { createInvitationSchema } from '#core/contracts/account.ts';
import { acceptInvitation } from '../../services/invitation/accept.ts';
import { createInvitation } from '../../services/invitation/create.ts';
import { listInvitations } from '../../services/invitation/list.ts';
import { previewInvitation } from '../../services/invitation/preview.ts';
import { revokeInvitation } from '../../services/invitation/revoke.ts';
import { publicProcedure, router, scopedProcedure, sessionProcedure } from '../trpc.ts';

const byToken = z.object({ token: z.string().min(1).max(200) });

export const invitationRouter = router({
  list: scopedProcedure('invitation.read')
    .input(z.object({ projectId: z.uuid() }))
    .query(({ ctx, input }) => listInvitations(ctx.service, input)),
  create: scopedProcedure('invitation.create')
    .input(createInvitationSchema)
    .mutation(({ ctx, input }) => createInvitation(ctx.service, input)),
  revoke: scopedProcedure('invitation.revoke')
    .input(z.object({ id: z.uuid() }))
    .mutation(({ ctx, input }) => revokeInvitation(ctx.service, input)),
  preview: publicProcedure.input(byToken).query(({ ctx, input }) => previewInvitation(ctx.service, input)),
  accept: sessionProcedure.input(byToken).mutation(({ ctx, input }) => acceptInvitation(ctx.service, input)),
});
