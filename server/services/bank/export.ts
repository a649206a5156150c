/** The bank of one workspace as a file, for another installation or for safe keeping. */
import { eq } from 'drizzle-orm';
import { writeBankFile } from '#core/contracts/bank-file.ts';
import { bankTasks } from '#db/schema/bank.ts';
import { recordAudit } from '../audit/record.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../scopes.ts';
import { readBankTasks } from './read.ts';

/** @returns JSON lines as `core/contracts/bank-file.ts` says; only the workspace's own tasks, not what ships with the product */
export async function exportBank(ctx: ServiceContext, input: { workspaceId: string }): Promise<{ text: string }> {
  const access = await authorize(ctx, 'bank.export', { workspaceId: input.workspaceId });
  const tasks = await readBankTasks(ctx.db, eq(bankTasks.workspaceId, input.workspaceId));
  await recordAudit(ctx.db, ctx, {
    ...access,
    action: 'bank.export',
    subject: `workspace:${input.workspaceId}`,
    detail: { tasks: tasks.length },
  });
  return { text: writeBankFile(tasks) };
}
