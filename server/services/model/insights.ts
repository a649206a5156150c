/** Weak spots of a model and what its columns do; made by the job that looks for faults. */
import type { InsightPage, InsightReport } from '#core/contracts/insights.ts';
import type { ServiceContext } from '../context.ts';
import { modelKeys } from './create.ts';
import { loadModel } from './load.ts';

export async function getInsights(ctx: ServiceContext, input: { id: string }): Promise<InsightPage> {
  const { model } = await loadModel(ctx, 'model.read', input.id);
  if (model.faultsState === 'queued') return { state: 'queued', report: null };
  const key = modelKeys(model.id).insights;
  if (!(await ctx.blobs.exists(key))) return { state: 'none', report: null };
  const report = JSON.parse(new TextDecoder().decode(await ctx.blobs.get(key))) as InsightReport;
  return { state: 'ready', report };
}
