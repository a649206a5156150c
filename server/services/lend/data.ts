/** The prepared data of a search, for a tab that trains on it: training rows only, the sealed test is not among them. */
import type { Readable } from 'node:stream';
import { eq } from 'drizzle-orm';
import { searches } from '#db/schema/searches.ts';
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { authorize } from '../scopes.ts';
import { isEnded } from '../search/transition.ts';

/** A tab holds the data several times over while it trains. */
export const mostDataBytes = 256 * 1024 * 1024;

export interface LentData {
  readonly bytes: number;
  /** Prepared once for a search, so its key names the content. */
  readonly etag: string;
  open(): Promise<Readable>;
}

/** @throws AppError `conflict` before it is prepared or once the search has ended, `too_large` */
export async function openLentData(ctx: ServiceContext, input: { searchId: string }): Promise<LentData> {
  await authorize(ctx, 'search.lend', input);
  const [search] = await ctx.db
    .select({ state: searches.state, key: searches.preparedKey })
    .from(searches)
    .where(eq(searches.id, input.searchId));
  if (!search) throw new AppError('not_found', 'There is no such search.');
  const { key } = search;
  if (isEnded(search.state)) throw new AppError('conflict', 'This search has ended.');
  if (!key) throw new AppError('conflict', 'This search has no prepared data yet.');
  const bytes = await ctx.blobs.size(key);
  if (bytes > mostDataBytes)
    throw new AppError(
      'too_large',
      `The data of this search takes ${Math.round(bytes / 2 ** 20)} MB; a tab is lent at most ${mostDataBytes / 2 ** 20} MB.`,
    );
  return { bytes, etag: `"${input.searchId}"`, open: () => ctx.blobs.stream(key) };
}
