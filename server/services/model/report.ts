/** The report of a model: scores, confusion or residuals, importance, reliability. */
import type { Report } from '#core/contracts/views.ts';
import type { ServiceContext } from '../context.ts';
import { loadModel } from './load.ts';

export async function getReport(ctx: ServiceContext, input: { id: string }): Promise<Report> {
  const { model } = await loadModel(ctx, 'model.read', input.id);
  return JSON.parse(new TextDecoder().decode(await ctx.blobs.get(model.reportKey))) as Report;
}
