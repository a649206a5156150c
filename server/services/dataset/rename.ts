import { eq } from 'drizzle-orm';
import { datasets } from '#db/schema/datasets.ts';
import { recordAudit } from '../audit/record.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../scopes.ts';

export async function renameDataset(ctx: ServiceContext, input: { id: string; name: string }): Promise<void> {
  const access = await authorize(ctx, 'dataset.rename', { datasetId: input.id });
  await ctx.db.transaction(async (tx) => {
    await tx.update(datasets).set({ name: input.name }).where(eq(datasets.id, input.id));
    await recordAudit(tx, ctx, { ...access, action: 'dataset.rename', subject: `dataset:${input.id}` });
  });
}
