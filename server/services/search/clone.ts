/** The request of an earlier search, to fill a new form with. */
import { eq } from 'drizzle-orm';
import type { SearchRequest } from '#core/contracts/task.ts';
import { searches } from '#db/schema/searches.ts';
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { authorize } from '../scopes.ts';

export async function cloneSearch(ctx: ServiceContext, input: { id: string }): Promise<SearchRequest> {
  await authorize(ctx, 'search.read', { searchId: input.id });
  const [row] = await ctx.db.select({ request: searches.request }).from(searches).where(eq(searches.id, input.id));
  if (!row) throw new AppError('not_found', 'There is no such search.');
  return row.request;
}
