/** All procedures of the product. One line per entity. */
import { accountRouter } from './routers/account.ts';
import { router } from './trpc.ts';

export const appRouter = router({
  account: accountRouter,
});

export type AppRouter = typeof appRouter;
