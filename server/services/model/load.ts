/** Reads one model row after the scope check. */
import { eq } from 'drizzle-orm';
import { models } from '#db/schema/models.ts';
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { type Access, authorize, type Scope } from '../scopes.ts';

export type ModelRowData = typeof models.$inferSelect;

/** @throws AppError `not_found`, `forbidden`, `unauthenticated` */
export async function loadModel(
  ctx: ServiceContext,
  scope: Scope,
  modelId: string,
): Promise<{ model: ModelRowData; access: Access }> {
  const access = await authorize(ctx, scope, { modelId });
  const [model] = await ctx.db.select().from(models).where(eq(models.id, modelId));
  if (!model) throw new AppError('not_found', 'There is no such model.');
  return { model, access };
}
