import { eq } from 'drizzle-orm';
import { projects } from '#db/schema/workspaces.ts';
import { recordAudit } from '../audit/record.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../scopes.ts';
import { projectBlobs, removeBlobs } from './blobs.ts';

/** Deletes a project with its data sets, searches and models, rows first and then blobs. Running trials end by themselves. */
export async function deleteProject(ctx: ServiceContext, input: { id: string }): Promise<void> {
  const access = await authorize(ctx, 'project.delete', { projectId: input.id });
  const found = await ctx.db.transaction(async (tx) => {
    const blobs = await projectBlobs(tx, input.id);
    await tx.delete(projects).where(eq(projects.id, input.id));
    await recordAudit(tx, ctx, {
      workspaceId: access.workspaceId,
      projectId: null,
      action: 'project.delete',
      subject: `project:${input.id}`,
    });
    return blobs;
  });
  await removeBlobs(ctx, found);
}
