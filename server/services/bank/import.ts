/** A bank file becomes knowledge of one workspace. */
import { readBankFile } from '#core/contracts/bank-file.ts';
import { recordAudit } from '../audit/record.ts';
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { authorize } from '../scopes.ts';
import { storeBankTasks } from './store.ts';

/** @throws AppError `bad_data` that names the line of the file and what is wrong with it */
export async function importBank(
  ctx: ServiceContext,
  input: { workspaceId: string; text: string },
): Promise<{ tasks: number; trials: number }> {
  const access = await authorize(ctx, 'bank.import', { workspaceId: input.workspaceId });
  const tasks = parse(input.text);
  return ctx.db.transaction(async (tx) => {
    const trials = await storeBankTasks(tx, tasks, { workspaceId: input.workspaceId, scope: 'private' });
    await recordAudit(tx, ctx, {
      ...access,
      action: 'bank.import',
      subject: `workspace:${input.workspaceId}`,
      detail: { tasks: tasks.length, trials },
    });
    return { tasks: tasks.length, trials };
  });
}

function parse(text: string) {
  try {
    return readBankFile(text);
  } catch (error) {
    if (error instanceof RangeError) throw new AppError('bad_data', error.message);
    throw error;
  }
}
