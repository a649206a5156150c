/** One task of the bank with its trials, best first, and what the others would tell a search on a task like it. */
import { and, asc, desc, eq, ne } from 'drizzle-orm';
import { bankPortfolio, type TaskEvidence } from '#core/bank/portfolio.ts';
import { type MetricName, metricInfo, type TaskKind } from '#core/contracts/task.ts';
import { bankTasks, bankTrials } from '#db/schema/bank.ts';
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { asBankTask, mostEvidence } from './evidence.ts';
import { type LeaningSearch, leaningSearches } from './leaning.ts';
import { readBank } from './read.ts';
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
  /** Other tasks of its kind, most alike first. */
  readonly similar: readonly TaskEvidence[];
  /** Designs that a search on a task like this would try, from the others alone. */
  readonly portfolio: readonly {
    readonly design: Readonly<Record<string, string | number | boolean>>;
    readonly reason: string;
  }[];
  /** Searches of the caller's workspaces that rest on it, newest first. */
  readonly leaning: readonly LeaningSearch[];
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

const maxDesigns = 4;

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
  const others = await readBank(
    ctx.db,
    and(visible, eq(bankTasks.kind, task.kind), ne(bankTasks.id, task.id)),
    mostEvidence,
  );
  const { designs, tasks } = bankPortfolio(task.metaFeatures, others.map(asBankTask), maxDesigns);
  return {
    id: task.id,
    name: task.name,
    kind: task.kind as TaskKind,
    metric,
    direction,
    scope: task.scope,
    metaFeatures: task.metaFeatures,
    createdAt: task.createdAt,
    similar: tasks,
    leaning: await leaningSearches(ctx, task.id),
    portfolio: designs.map(({ design, reason }) => ({ design, reason })),
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
