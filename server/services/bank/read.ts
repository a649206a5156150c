/** Tasks of the bank with their trials: as they are stored, and as a bank file holds them. */
import { asc, inArray, type SQL } from 'drizzle-orm';
import type { BankFileTask } from '#core/contracts/bank-file.ts';
import type { MetricName, TaskKind } from '#core/contracts/task.ts';
import type { Executor } from '#db/client.ts';
import { bankTasks, bankTrials } from '#db/schema/bank.ts';

export type StoredTask = typeof bankTasks.$inferSelect;
export type StoredTrial = typeof bankTrials.$inferSelect;

export interface TaskWithTrials {
  readonly task: StoredTask;
  /** In order of finishing. */
  readonly trials: readonly StoredTrial[];
}

/** @param most how many tasks and trials at most; all without it */
export async function readBank(
  db: Executor,
  which: SQL | undefined,
  most: { readonly tasks?: number; readonly trials?: number } = {},
): Promise<TaskWithTrials[]> {
  const tasks = await db
    .select()
    .from(bankTasks)
    .where(which)
    .orderBy(asc(bankTasks.name), asc(bankTasks.id))
    .limit(most.tasks ?? Number.MAX_SAFE_INTEGER);
  if (tasks.length === 0) return [];
  const ids = tasks.map(({ id }) => id);
  const trials = await db
    .select()
    .from(bankTrials)
    .where(inArray(bankTrials.bankTaskId, ids))
    .orderBy(asc(bankTrials.createdAt), asc(bankTrials.trialKey))
    .limit(most.trials ?? Number.MAX_SAFE_INTEGER);
  const byTask = Map.groupBy(trials, (trial) => trial.bankTaskId);
  return tasks.map((task) => ({ task, trials: byTask.get(task.id) ?? [] }));
}

export async function readBankTasks(db: Executor, which: SQL | undefined): Promise<BankFileTask[]> {
  return (await readBank(db, which)).map(({ task, trials }) => ({
    hash: task.taskHash,
    name: task.name,
    kind: task.kind as TaskKind,
    metric: task.metric as MetricName,
    metaFeatures: task.metaFeatures,
    trials: trials.map(({ trialKey, design, designHash, origin, score, seconds, provenance }) => ({
      key: trialKey,
      design,
      designHash,
      origin,
      score,
      seconds,
      device: String(provenance.device ?? ''),
      budgetSeconds: Number(provenance.budgetSeconds ?? 0),
    })),
  }));
}
