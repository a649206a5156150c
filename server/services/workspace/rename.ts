import { eq } from 'drizzle-orm';
import { workspaces } from '#db/schema/workspaces.ts';
import { recordAudit } from '../audit/record.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../scopes.ts';

export async function renameWorkspace(ctx: ServiceContext, input: { id: string; name: string }): Promise<void> {
  const access = await authorize(ctx, 'workspace.rename', { workspaceId: input.id });
  await ctx.db.transaction(async (tx) => {
    await tx.update(workspaces).set({ name: input.name }).where(eq(workspaces.id, input.id));
    await recordAudit(tx, ctx, { ...access, action: 'workspace.rename', subject: `workspace:${input.id}` });
  });
}
