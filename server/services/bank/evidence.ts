/** What the bank can tell a strategy about tasks like this one. */
import { and, eq, inArray, or } from 'drizzle-orm';
import type { MetricName } from '#core/contracts/task.ts';
import { bankTasks, bankTrials } from '#db/schema/bank.ts';
import { projects } from '#db/schema/workspaces.ts';
import type { Services } from '../context.ts';
import type { SearchRowData } from '../search/clock.ts';

const maxTasks = 200;
const maxTrials = 5000;

export interface BankEntry {
  readonly id: string;
  readonly taskHash: string;
  readonly name: string;
  readonly metric: MetricName;
  readonly metaFeatures: Readonly<Record<string, number>>;
  readonly trials: readonly {
    readonly design: Readonly<Record<string, string | number | boolean>>;
    readonly score: number;
    readonly seconds: number;
  }[];
}

/** Tasks of the same kind that the search's workspace may see: its own, public and seed ones. */
export async function bankEvidence(ctx: Services, search: SearchRowData): Promise<BankEntry[]> {
  const [project] = await ctx.db
    .select({ workspaceId: projects.workspaceId })
    .from(projects)
    .where(eq(projects.id, search.projectId));
  const rows = await ctx.db
    .select()
    .from(bankTasks)
    .where(
      and(
        eq(bankTasks.kind, search.request.kind),
        or(
          inArray(bankTasks.scope, ['public', 'seed']),
          project ? eq(bankTasks.workspaceId, project.workspaceId) : undefined,
        ),
      ),
    )
    .limit(maxTasks);
  if (rows.length === 0) return [];
  const found = await ctx.db
    .select()
    .from(bankTrials)
    .where(
      inArray(
        bankTrials.bankTaskId,
        rows.map((row) => row.id),
      ),
    )
    .limit(maxTrials);
  return rows.map((row) => ({
    id: row.id,
    taskHash: row.taskHash,
    name: row.name,
    metric: row.metric as MetricName,
    metaFeatures: row.metaFeatures,
    trials: found
      .filter((trial) => trial.bankTaskId === row.id)
      .map(({ design, score, seconds }) => ({ design, score, seconds })),
  }));
}
