/** Streams a file of a model. */
import { openModelFile } from '../../services/model/file.ts';
import type { RouteArguments } from '../http.ts';
import { sendDownload } from './download.ts';

export async function streamModelFile({
  request,
  ctx,
  params,
}: RouteArguments<{ id: string; file: string }>): Promise<Response> {
  return sendDownload(request, await openModelFile(ctx.service, params));
}
