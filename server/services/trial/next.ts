/** Which of all waiting trials a free worker takes: workspaces take turns, and none has more running than its quota. */
import { sql } from 'drizzle-orm';
import { searches, trials } from '#db/schema/searches.ts';
import { projects, workspaces } from '#db/schema/workspaces.ts';
import type { Services } from '../context.ts';
import { runsInTab } from './owner.ts';

export interface NextTrial {
  readonly searchId: string;
  readonly trialId: string;
}

/**
 * The workspace with the fewest running trials comes first, among equals the one that has waited longest since it last
 * began one; within a workspace the same holds for its searches, and within a search the order of proposal.
 */
export async function nextQueuedTrial({ db, config }: Pick<Services, 'db' | 'config'>): Promise<NextTrial | undefined> {
  const { rows } = await db.execute<{ search_id: string; trial_id: string }>(sql`
    with live as (
      select ${searches.id} as search_id, ${projects.workspaceId} as workspace_id,
        coalesce(${workspaces.maxConcurrentTrials}, ${config.limits.workspaceTrials}) as quota,
        (select count(*) from ${trials} where ${trials.searchId} = ${searches.id} and ${trials.state} = 'running' and not coalesce(${runsInTab()}, false)) as running,
        (select max(${trials.startedAt}) from ${trials} where ${trials.searchId} = ${searches.id}) as last
      from ${searches}
        join ${projects} on ${projects.id} = ${searches.projectId}
        join ${workspaces} on ${workspaces.id} = ${projects.workspaceId}
      where ${searches.state} = 'searching'
    ), ranked as (
      select search_id, running, last, quota,
        sum(running) over (partition by workspace_id) as workspace_running,
        max(last) over (partition by workspace_id) as workspace_last
      from live
    )
    select ranked.search_id, waiting.id as trial_id
    from ranked cross join lateral (
      select ${trials.id} as id from ${trials}
      where ${trials.searchId} = ranked.search_id and ${trials.state} = 'queued'
      order by ${trials.number} limit 1
    ) as waiting
    where workspace_running < quota
    order by workspace_running, workspace_last nulls first, running, last nulls first
    limit 1`);
  const [row] = rows;
  return row && { searchId: row.search_id, trialId: row.trial_id };
}
