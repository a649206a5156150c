/** The answers as a download. */
import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';
import { type Download, safeFileName } from '../model/file.ts';
import { loadPrediction, predictionKey } from './view.ts';

const contentTypes = { csv: 'text/csv; charset=utf-8', parquet: 'application/vnd.apache.parquet' } as const;

/** @throws AppError `conflict` before all rows are predicted */
export async function openPrediction(ctx: ServiceContext, input: { id: string }): Promise<Download> {
  const { prediction } = await loadPrediction(ctx, 'prediction.read', input.id);
  if (prediction.state !== 'ready') throw new AppError('conflict', 'This file is not predicted.');
  const key = predictionKey(prediction);
  const { format } = prediction;
  const stem = safeFileName(prediction.fileName.replace(/(\.[A-Za-z0-9]{1,8}){1,2}$/, ''));
  return {
    fileName: `${stem}-predictions.${format}`,
    contentType: contentTypes[format],
    etag: `"${prediction.id}"`,
    bytes: await ctx.blobs.size(key),
    open: () => ctx.blobs.stream(key),
  };
}
