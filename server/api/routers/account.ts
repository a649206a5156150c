import { z } from 'zod';
import { changePasswordSchema } from '#core/contracts/account.ts';
import { changePassword } from '../../auth/change-password.ts';
import { deleteAccount } from '../../auth/delete-account.ts';
import { getMe } from '../../services/account/me.ts';
import { publicProcedure, router, sessionProcedure } from '../trpc.ts';

export const accountRouter = router({
  /** Who is signed in, and which ways of signing in this server offers. */
  me: publicProcedure.query(({ ctx }) => getMe(ctx.service)),
  changePassword: sessionProcedure
    .input(changePasswordSchema)
    .mutation(({ ctx, input }) => changePassword(ctx.service, input, ctx.session?.token)),
  deleteAccount: sessionProcedure
    .input(z.object({ password: z.string().max(1000).optional() }))
    .mutation(({ ctx, input }) => deleteAccount(ctx.service, input)),
});
