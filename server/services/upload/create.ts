import { and, eq, ne, sum } from 'drizzle-orm';
import type { Executor } from '#db/client.ts';
import { datasets, datasetVersions, uploads } from '#db/schema/datasets.ts';
import { projects, workspaces } from '#db/schema/workspaces.ts';
import { recordAudit } from '../audit/record.ts';
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { authorize } from '../scopes.ts';
import type { UploadView } from './view.ts';

/**
 * Opens an upload; its bytes follow by PUT.
 * @throws AppError `too_large` beyond the limit of one file or the workspace's quota
 */
export async function createUpload(
  ctx: ServiceContext,
  input: { projectId: string; fileName: string; bytes: number },
): Promise<UploadView> {
  const access = await authorize(ctx, 'upload.create', { projectId: input.projectId });
  checkSize(ctx, input.bytes);
  const id = crypto.randomUUID();
  await ctx.db.transaction(async (tx) => {
    await checkQuota(tx, access.workspaceId, input.bytes);
    await tx.insert(uploads).values({
      id,
      projectId: input.projectId,
      userId: ctx.actor.kind === 'user' ? ctx.actor.userId : null,
      fileName: input.fileName,
      bytes: input.bytes,
      blobKey: `uploads/${id}`,
      createdAt: ctx.now(),
      updatedAt: ctx.now(),
    });
    await recordAudit(tx, ctx, {
      ...access,
      action: 'upload.create',
      subject: `upload:${id}`,
      detail: { bytes: input.bytes },
    });
  });
  return { id, url: `/api/uploads/${id}`, received: 0, bytes: input.bytes, state: 'receiving' };
}

/** @throws AppError `invalid` for an empty file, `too_large` for one beyond the server's limit */
export function checkSize(ctx: Pick<ServiceContext, 'config'>, bytes: number): void {
  const limit = ctx.config.limits.uploadBytes;
  if (bytes <= 0) throw new AppError('invalid', 'The file is empty.');
  if (bytes > limit)
    throw new AppError('too_large', `The file has ${megabytes(bytes)}; at most ${megabytes(limit)} are taken here.`, {
      limit,
    });
}

/** What the workspace's data sets hold already, plus this file, must fit its quota. */
export async function checkQuota(tx: Executor, workspaceId: string, bytes: number): Promise<void> {
  const [workspace] = await tx
    .select({ maxBytes: workspaces.maxBytes })
    .from(workspaces)
    .where(eq(workspaces.id, workspaceId))
    .for('update');
  if (!workspace || workspace.maxBytes === null) return;
  const [kept] = await tx
    .select({ bytes: sum(datasetVersions.sourceBytes).mapWith(Number) })
    .from(datasetVersions)
    .innerJoin(datasets, eq(datasets.id, datasetVersions.datasetId))
    .innerJoin(projects, eq(projects.id, datasets.projectId))
    .where(eq(projects.workspaceId, workspaceId));
  const [coming] = await tx
    .select({ bytes: sum(uploads.bytes).mapWith(Number) })
    .from(uploads)
    .innerJoin(projects, eq(projects.id, uploads.projectId))
    .where(and(eq(projects.workspaceId, workspaceId), eq(uploads.state, 'receiving'), ne(uploads.bytes, 0)));
  const used = (kept?.bytes ?? 0) + (coming?.bytes ?? 0);
  if (used + bytes > workspace.maxBytes)
    throw new AppError(
      'too_large',
      `The workspace holds ${megabytes(used)} of ${megabytes(workspace.maxBytes)}; this file of ${megabytes(bytes)} does not fit. Delete data sets that are no longer needed.`,
      { limit: workspace.maxBytes, used },
    );
}

const megabytes = (bytes: number): string =>
  bytes < 1e6
    ? `${Math.ceil(bytes / 1000)} kB`
    : `${(bytes / 1e6).toLocaleString('en-US', { maximumFractionDigits: 1 })} MB`;
