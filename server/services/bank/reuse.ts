/** A finished trial of an earlier search that is the same evaluation: taken over instead of trained again. */
import { and, desc, eq } from 'drizzle-orm';
import type { Tx } from '#db/client.ts';
import { searches, trials } from '#db/schema/searches.ts';
import { projects } from '#db/schema/workspaces.ts';
import type { Services } from '../context.ts';
import type { SearchRowData } from '../search/clock.ts';
import type { TrialRowData } from '../trial/view.ts';

type Reusable = Pick<
  TrialRowData,
  | 'seed'
  | 'score'
  | 'low'
  | 'high'
  | 'bytes'
  | 'oneRowMs'
  | 'peakMegabytes'
  | 'steps'
  | 'rerun'
  | 'notes'
  | 'artifactKey'
  | 'device'
> & { readonly seconds: number };

/**
 * Looks in the workspace of the search. Only trials whose artifact still exists count: members of an ensemble need it.
 */
export async function findReusable(
  ctx: Services,
  tx: Tx,
  search: SearchRowData,
  key: string,
): Promise<Reusable | undefined> {
  const workspace = tx.select({ id: projects.workspaceId }).from(projects).where(eq(projects.id, search.projectId));
  const [found] = await tx
    .select({ trial: trials })
    .from(trials)
    .innerJoin(searches, eq(searches.id, trials.searchId))
    .innerJoin(projects, eq(projects.id, searches.projectId))
    .where(and(eq(trials.key, key), eq(trials.state, 'done'), eq(projects.workspaceId, workspace)))
    .orderBy(desc(trials.endedAt))
    .limit(1);
  const trial = found?.trial;
  if (!trial?.artifactKey || trial.searchId === search.id) return undefined;
  if (!(await ctx.blobs.exists(trial.artifactKey))) return undefined;
  const { seed, score, low, high, bytes, oneRowMs, peakMegabytes, steps, rerun, notes, artifactKey, device } = trial;
  const trained = { seed, score, low, high, bytes, oneRowMs, peakMegabytes, steps, rerun, notes, artifactKey, device };
  return { ...trained, seconds: 0 };
}
