/** Which tasks of the bank an actor may see: those of its own workspaces, and the public and seed ones. */
import { inArray, or, type SQL } from 'drizzle-orm';
import { bankTasks } from '#db/schema/bank.ts';
import { requireUser, type ServiceContext } from '../context.ts';
import { listWorkspaces } from '../workspace/list.ts';

/** The bank spans all projects of a workspace, so a guest of one project does not see it. */
export async function visibleBankTasks(ctx: ServiceContext): Promise<SQL | undefined> {
  requireUser(ctx);
  const workspaces = (await listWorkspaces(ctx)).map((workspace) => workspace.id);
  return or(
    inArray(bankTasks.scope, ['public', 'seed']),
    workspaces.length > 0 ? inArray(bankTasks.workspaceId, workspaces) : undefined,
  );
}
