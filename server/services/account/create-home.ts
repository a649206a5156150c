import { and, eq, isNull } from 'drizzle-orm';
import type { Tx } from '#db/client.ts';
import { memberships, projects, workspaces } from '#db/schema/workspaces.ts';
import { recordAudit } from '../audit/record.ts';
import { displayName } from './me.ts';

/**
 * Gives a new person a workspace of their own with a first project. Does nothing where there is one already.
 * @returns the first project's id, or null where nothing was made
 */
export async function createHome(
  tx: Tx,
  user: { id: string; name: string | null; email: string },
  now: () => Date,
): Promise<string | null> {
  const owned = await tx
    .select({ id: memberships.id })
    .from(memberships)
    .where(and(eq(memberships.userId, user.id), isNull(memberships.projectId)));
  if (owned.length > 0) return null;
  const [workspace] = await tx
    .insert(workspaces)
    .values({ name: `${displayName(user).slice(0, 100)}’s workspace` })
    .returning();
  if (!workspace) throw new Error('the workspace was not inserted');
  await tx.insert(memberships).values({ userId: user.id, workspaceId: workspace.id, role: 'owner' });
  const [project] = await tx.insert(projects).values({ workspaceId: workspace.id, name: 'First project' }).returning();
  if (!project) throw new Error('the project was not inserted');
  await recordAudit(
    tx,
    { actor: { kind: 'user', userId: user.id, via: 'session' }, now },
    { workspaceId: workspace.id, projectId: project.id, action: 'account.create', subject: `user:${user.id}` },
  );
  return project.id;
}
