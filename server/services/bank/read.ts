/** Tasks of the bank with their trials, as a bank file holds them. */
import { asc, inArray, type SQL } from 'drizzle-orm';
import type { BankFileTask } from '#core/contracts/bank-file.ts';
import type { MetricName, TaskKind } from '#core/contracts/task.ts';
import type { Executor } from '#db/client.ts';
import { bankTasks, bankTrials } from '#db/schema/bank.ts';

export async function readBankTasks(db: Executor, which: SQL | undefined): Promise<BankFileTask[]> {
  const tasks = await db.select().from(bankTasks).where(which).orderBy(asc(bankTasks.name), asc(bankTasks.id));
  if (tasks.length === 0) return [];
  const ids = tasks.map(({ id }) => id);
  const trials = await db
    .select()
    .from(bankTrials)
    .where(inArray(bankTrials.bankTaskId, ids))
    .orderBy(asc(bankTrials.createdAt), asc(bankTrials.trialKey));
  const byTask = Map.groupBy(trials, (trial) => trial.bankTaskId);
  return tasks.map(({ id, taskHash, name, kind, metric, metaFeatures }) => ({
    hash: taskHash,
    name,
    kind: kind as TaskKind,
    metric: metric as MetricName,
    metaFeatures,
    trials: (byTask.get(id) ?? []).map(({ trialKey, design, designHash, origin, score, seconds, provenance }) => ({
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
