/** What the buttons of a running search have in common: scope, lock, audit. */
import type { Tx } from '#db/client.ts';
import { recordAudit } from '../audit/record.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../scopes.ts';
import type { SearchRowData } from './clock.ts';
import { withSearch } from './lock.ts';

export type ControlVerb = 'finish' | 'pause' | 'resume' | 'cancel';

/** Checks the scope, locks the search, applies `change` and writes the audit log, in one transaction. */
export async function controlSearch(
  ctx: ServiceContext,
  verb: ControlVerb,
  searchId: string,
  change: (tx: Tx, search: SearchRowData) => Promise<void>,
): Promise<void> {
  const access = await authorize(ctx, `search.${verb}`, { searchId });
  await withSearch(ctx.db, searchId, async (tx, search) => {
    await change(tx, search);
    await recordAudit(tx, ctx, { ...access, action: `search.${verb}`, subject: `search:${searchId}` });
  });
}
