/** What ships with the product enters the bank once: when a worker starts on a database that does not hold it yet. */
import { createHash } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { readBankFile } from '#core/contracts/bank-file.ts';
import { bankTasks } from '#db/schema/bank.ts';
import type { Services } from '../context.ts';
import { storeBankTasks } from './store.ts';

/** Number of an advisory lock: workers that start together load the bank one after another. */
const LOCK = 7_361_904;

/**
 * Replaces the seed tasks where they are not those of `text`. A task's hash begins with the hash of the file it came
 * from, so what is there tells which file it was.
 * @returns whether anything was written
 */
export async function loadSeedBank(ctx: Pick<Services, 'db'>, text: string): Promise<boolean> {
  const version = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return ctx.db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${LOCK})`);
    const there = await tx.select({ hash: bankTasks.taskHash }).from(bankTasks).where(eq(bankTasks.scope, 'seed'));
    if (there.length > 0 && there.every(({ hash }) => hash.startsWith(`${version}:`))) return false;
    const tasks = readBankFile(text).map((task) => ({ ...task, hash: `${version}:${task.hash}` }));
    if (there.length === 0 && tasks.length === 0) return false;
    await tx.delete(bankTasks).where(eq(bankTasks.scope, 'seed'));
    await storeBankTasks(tx, tasks, { workspaceId: null, scope: 'seed' });
    return true;
  });
}
