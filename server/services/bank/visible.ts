/** Which tasks of the bank an actor may see: those of its own workspaces, and the public and seed ones. */
import { inArray, or, type SQL } from 'drizzle-orm';
import { bankTasks } from '#db/schema/bank.ts';
import { requireUser, type ServiceContext } from '../context.ts';
import { visibleProjects } from '../scopes.ts';

export async function visibleBankTasks(ctx: ServiceContext): Promise<SQL | undefined> {
  requireUser(ctx);
  const workspaces = [...new Set((await visibleProjects(ctx)).map((project) => project.workspaceId))];
  return or(
    inArray(bankTasks.scope, ['public', 'seed']),
    workspaces.length > 0 ? inArray(bankTasks.workspaceId, workspaces) : undefined,
  );
}
