import type { ServiceContext } from '../context.ts';
import { authorize } from '../scopes.ts';
import { loadUpload, type UploadView, viewOf } from './view.ts';

export async function getUpload(ctx: ServiceContext, input: { id: string }): Promise<UploadView> {
  await authorize(ctx, 'upload.read', { uploadId: input.id });
  return viewOf(await loadUpload(ctx, input.id));
}
