/** One task of the bank with its trials, best first. */
import { and, asc, desc, eq } from 'drizzle-orm';
import { type MetricName, metricInfo, type TaskKind } from '#core/contracts/task.ts';
import { bankTasks, bankTrials } from '#db/schema/bank.ts';
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { visibleBankTasks } from './visible.ts';

export interface BankTaskView {
  readonly id: string;
  readonly name: string;
  readonly kind: TaskKind;
  readonly metric: MetricName;
  readonly direction: 'maximize' | 'minimize';
  readonly scope: 'private' | 'workspace' | 'public' | 'seed';
  readonly metaFeatures: Readonly<Record<string, number>>;
  readonly createdAt: Date;
  readonly trials: readonly {
    readonly id: string;
    readonly learner: string;
    readonly design: Readonly<Record<string, string | number | boolean>>;
    readonly origin: string;
    readonly score: number;
    readonly seconds: number;
    readonly createdAt: Date;
  }[];
}

/** @throws AppError `not_found` also where the task exists and belongs to others */
export async function getBankTask(ctx: ServiceContext, input: { id: string }): Promise<BankTaskView> {
  const visible = await visibleBankTasks(ctx);
  const [task] = await ctx.db
    .select()
    .from(bankTasks)
    .where(and(eq(bankTasks.id, input.id), visible));
  if (!task) throw new AppError('not_found', 'There is no such task in the bank.');
  const metric = task.metric as MetricName;
  const { direction } = metricInfo[metric];
  const rows = await ctx.db
    .select()
    .from(bankTrials)
    .where(eq(bankTrials.bankTaskId, task.id))
    .orderBy((direction === 'maximize' ? desc : asc)(bankTrials.score))
    .limit(500);
  return {
    id: task.id,
    name: task.name,
    kind: task.kind as TaskKind,
    metric,
    direction,
    scope: task.scope,
    metaFeatures: task.metaFeatures,
    createdAt: task.createdAt,
    trials: rows.map(({ id, learner, design, origin, score, seconds, createdAt }) => ({
      id,
      learner,
      design,
      origin,
      score,
      seconds,
      createdAt,
    })),
  };
}
