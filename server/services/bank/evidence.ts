/** What the bank can tell about tasks like one: those of the same kind that may be seen, never too many. */
import { and, eq, inArray, or } from 'drizzle-orm';
import type { BankTask } from '#core/bank/portfolio.ts';
import { type MetricName, metricInfo } from '#core/contracts/task.ts';
import { bankTasks } from '#db/schema/bank.ts';
import { projects } from '#db/schema/workspaces.ts';
import type { Services } from '../context.ts';
import type { SearchRowData } from '../search/clock.ts';
import { readBank, type TaskWithTrials } from './read.ts';

/** Tasks and trials that a choice looks at. */
export const mostEvidence = { tasks: 200, trials: 5000 };

/** Tasks of the same kind that the search's workspace may see: its own, public and seed ones. */
export async function bankEvidence(ctx: Services, search: SearchRowData): Promise<TaskWithTrials[]> {
  const [project] = await ctx.db
    .select({ workspaceId: projects.workspaceId })
    .from(projects)
    .where(eq(projects.id, search.projectId));
  const seen = or(
    inArray(bankTasks.scope, ['public', 'seed']),
    project ? eq(bankTasks.workspaceId, project.workspaceId) : undefined,
  );
  return readBank(ctx.db, and(eq(bankTasks.kind, search.request.kind), seen), mostEvidence);
}

/** As `core/bank` takes it. */
export function asBankTask({ task, trials }: TaskWithTrials): BankTask {
  const { id, name, metaFeatures } = task;
  const { direction } = metricInfo[task.metric as MetricName];
  return { id, name, metaFeatures, direction, trials: trials.map((trial) => ({ ...trial, hash: trial.designHash })) };
}
