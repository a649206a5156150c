import { eq } from 'drizzle-orm';
import { projects } from '#db/schema/workspaces.ts';
import { recordAudit } from '../audit/record.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../scopes.ts';

export async function renameProject(ctx: ServiceContext, input: { id: string; name: string }): Promise<void> {
  const access = await authorize(ctx, 'project.rename', { projectId: input.id });
  await ctx.db.transaction(async (tx) => {
    await tx.update(projects).set({ name: input.name }).where(eq(projects.id, input.id));
    await recordAudit(tx, ctx, { ...access, action: 'project.rename', subject: `project:${input.id}` });
  });
}
