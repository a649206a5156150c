/** Tasks of a bank file become tasks of the bank. */
import { and, eq, isNull, sql } from 'drizzle-orm';
import type { BankFileTask } from '#core/contracts/bank-file.ts';
import type { Tx } from '#db/client.ts';
import { bankTasks, bankTrials } from '#db/schema/bank.ts';

/** Trials of one statement: each takes ten parameters, of which a statement holds 65,535. */
const BATCH = 1000;

export interface BankPlace {
  /** Null for what ships with the product. */
  readonly workspaceId: string | null;
  readonly scope: 'private' | 'seed';
}

/** @returns how many trials were new; those that the task already has are left as they are */
export async function storeBankTasks(tx: Tx, tasks: readonly BankFileTask[], place: BankPlace): Promise<number> {
  let added = 0;
  for (const task of tasks) {
    const id = await taskId(tx, task, place);
    const now = Date.now();
    const rows = task.trials.map(({ key, device, budgetSeconds, ...trial }, i) => ({
      ...trial,
      // A millisecond apart: what is read by time comes in the order of the file, that of finishing.
      createdAt: new Date(now + i),
      bankTaskId: id,
      trialKey: key,
      learner: String(trial.design.learner),
      provenance: { device, budgetSeconds },
    }));
    for (let start = 0; start < rows.length; start += BATCH) {
      const stored = await tx
        .insert(bankTrials)
        .values(rows.slice(start, start + BATCH))
        .onConflictDoNothing()
        .returning({ id: bankTrials.id });
      added += stored.length;
    }
  }
  return added;
}

async function taskId(tx: Tx, task: BankFileTask, { workspaceId, scope }: BankPlace): Promise<string> {
  const owner = workspaceId === null ? isNull(bankTasks.workspaceId) : eq(bankTasks.workspaceId, workspaceId);
  const [found] = await tx
    .select({ id: bankTasks.id })
    .from(bankTasks)
    .where(and(owner, eq(bankTasks.taskHash, task.hash)));
  if (found) return found.id;
  const { hash, name, kind, metric, metaFeatures } = task;
  const [made] = await tx
    .insert(bankTasks)
    .values({ workspaceId, scope, taskHash: hash, kind, metric, name, metaFeatures })
    // Somebody may have stored it since: writing the row again returns its id.
    .onConflictDoUpdate({ target: [bankTasks.workspaceId, bankTasks.taskHash], set: { name: sql`excluded.name` } })
    .returning({ id: bankTasks.id });
  return made!.id;
}
