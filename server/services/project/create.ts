import { projects } from '#db/schema/workspaces.ts';
import { recordAudit } from '../audit/record.ts';
import { requireUser, type ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { atLeast, authorize, scopes } from '../scopes.ts';
import { listWorkspaces } from '../workspace/list.ts';

/**
 * @param input `workspaceId` left out: the first workspace the caller may create projects in
 */
export async function createProject(
  ctx: ServiceContext,
  input: { name: string; workspaceId?: string | null | undefined },
): Promise<{ id: string }> {
  const workspaceId = input.workspaceId ?? (await firstWorkspace(ctx));
  await authorize(ctx, 'project.create', { workspaceId });
  return ctx.db.transaction(async (tx) => {
    const [row] = await tx.insert(projects).values({ workspaceId, name: input.name }).returning({ id: projects.id });
    if (!row) throw new Error('the project was not inserted');
    await recordAudit(tx, ctx, {
      workspaceId,
      projectId: row.id,
      action: 'project.create',
      subject: `project:${row.id}`,
    });
    return row;
  });
}

async function firstWorkspace(ctx: ServiceContext): Promise<string> {
  requireUser(ctx);
  const found = (await listWorkspaces(ctx)).find((workspace) => atLeast(workspace.role, scopes['project.create']));
  if (!found) throw new AppError('forbidden', 'You have no workspace to create projects in.');
  return found.id;
}
