/** What the bank knows: its tasks with how many trials and the best score of each. */
import { desc, eq, sql } from 'drizzle-orm';
import { type Direction, type MetricName, metricInfo, type TaskKind } from '#core/contracts/task.ts';
import { bankTasks, bankTrials } from '#db/schema/bank.ts';
import type { ServiceContext } from '../context.ts';
import { visibleBankTasks } from './visible.ts';

export interface BankTaskRow {
  readonly id: string;
  readonly name: string;
  readonly kind: TaskKind;
  readonly metric: MetricName;
  readonly direction: Direction;
  readonly scope: 'private' | 'workspace' | 'public' | 'seed';
  readonly trials: number;
  readonly best: number | null;
  /** For the map. */
  readonly metaFeatures: Readonly<Record<string, number>>;
  readonly createdAt: Date;
}

export async function listBankTasks(ctx: ServiceContext): Promise<BankTaskRow[]> {
  const visible = await visibleBankTasks(ctx);
  const rows = await ctx.db
    .select({
      task: bankTasks,
      trials: sql<number>`count(${bankTrials.id})::int`,
      low: sql<number | null>`min(${bankTrials.score})`,
      high: sql<number | null>`max(${bankTrials.score})`,
    })
    .from(bankTasks)
    .leftJoin(bankTrials, eq(bankTrials.bankTaskId, bankTasks.id))
    .where(visible)
    .groupBy(bankTasks.id)
    .orderBy(desc(bankTasks.createdAt));
  return rows.map(({ task, trials, low, high }) => {
    const metric = task.metric as MetricName;
    const { direction } = metricInfo[metric];
    const { id, name, scope, metaFeatures, createdAt } = task;
    const best = direction === 'maximize' ? high : low;
    return { id, name, kind: task.kind as TaskKind, metric, direction, scope, trials, best, metaFeatures, createdAt };
  });
}
