import { eq } from 'drizzle-orm';
import { projects, workspaces } from '#db/schema/workspaces.ts';
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { authorize, memberRole, type Role } from '../scopes.ts';

export interface ProjectView {
  readonly id: string;
  readonly name: string;
  readonly workspaceId: string;
  readonly workspaceName: string;
  readonly role: Role;
  /** The caller's role in the whole workspace; null for guests of this project. */
  readonly workspaceRole: Role | null;
  readonly createdAt: Date;
}

export async function getProject(ctx: ServiceContext, input: { id: string }): Promise<ProjectView> {
  const access = await authorize(ctx, 'project.read', { projectId: input.id });
  const [row] = await ctx.db
    .select({ project: projects, workspaceName: workspaces.name })
    .from(projects)
    .innerJoin(workspaces, eq(workspaces.id, projects.workspaceId))
    .where(eq(projects.id, input.id));
  if (!row) throw new AppError('not_found', 'There is no such project.');
  const whole = { workspaceId: access.workspaceId, projectId: null };
  return {
    ...row.project,
    workspaceName: row.workspaceName,
    role: access.role,
    workspaceRole:
      ctx.actor.kind === 'user' && ctx.actor.via === 'session'
        ? await memberRole(ctx.db, ctx.actor.userId, whole)
        : access.role,
  };
}
