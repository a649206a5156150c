import { beatLent } from '../../services/lend/beat.ts';
import { claimForTab, claimSchema } from '../../services/lend/claim.ts';
import { leaseSchema } from '../../services/lend/lease.ts';
import { lentOutcome } from '../../services/lend/outcome.ts';
import { returnSchema, returnTrial } from '../../services/lend/return.ts';
import { router, scopedProcedure } from '../trpc.ts';

const lend = scopedProcedure('search.lend');

/** A tab that trains for a search. Data and models travel by `/api/lend/data/<search>` and `/api/lend/model/<trial>`. */
export const lendRouter = router({
  claim: lend.input(claimSchema).mutation(({ ctx, input }) => claimForTab(ctx.service, input)),
  beat: lend.input(leaseSchema).mutation(({ ctx, input }) => beatLent(ctx.service, input)),
  giveBack: lend.input(returnSchema).mutation(({ ctx, input }) => returnTrial(ctx.service, input)),
  outcome: lend.input(leaseSchema).query(({ ctx, input }) => lentOutcome(ctx.service, input)),
});
