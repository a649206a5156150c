/** The browser checks of a model, newest first. */
import { desc, eq } from 'drizzle-orm';
import { browserChecks } from '#db/schema/models.ts';
import type { ServiceContext } from '../context.ts';
import { loadModel } from './load.ts';

export type BrowserCheck = Omit<typeof browserChecks.$inferSelect, 'userId' | 'pass'> & { readonly pass: boolean };

export async function listChecks(ctx: ServiceContext, input: { id: string }): Promise<BrowserCheck[]> {
  await loadModel(ctx, 'model.read', input.id);
  const rows = await ctx.db
    .select()
    .from(browserChecks)
    .where(eq(browserChecks.modelId, input.id))
    .orderBy(desc(browserChecks.createdAt));
  return rows.map(({ userId: _, pass, ...row }) => ({ ...row, pass: pass === 1 }));
}
