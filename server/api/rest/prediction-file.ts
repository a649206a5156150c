/** Streams the answers to a predicted file. */
import { openPrediction } from '../../services/prediction/file.ts';
import type { RouteArguments } from '../http.ts';
import { sendDownload } from './download.ts';

export async function streamPrediction({ request, ctx, params }: RouteArguments<{ id: string }>): Promise<Response> {
  return sendDownload(request, await openPrediction(ctx.service, params));
}
