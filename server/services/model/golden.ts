/** The golden rows: inputs for the page, expected outputs for the server's own comparison. */
import { type GoldenRow, goldenRowSchema } from '#core/contracts/result.ts';
import type { ServiceContext } from '../context.ts';
import { loadModel, type ModelRowData } from './load.ts';

/** All golden rows of a model with what the trainer expects. Never sent to a page. */
export async function readGoldenRows(ctx: Pick<ServiceContext, 'blobs'>, model: ModelRowData): Promise<GoldenRow[]> {
  const text = new TextDecoder().decode(await ctx.blobs.get(model.goldenKey));
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => goldenRowSchema.parse(JSON.parse(line)));
}

/** Inputs, and why each is there, but no outputs: a page cannot copy the answers it is judged by. */
export async function getGolden(
  ctx: ServiceContext,
  input: { id: string },
): Promise<{ rows: GoldenRow['inputs'][]; reasons: GoldenRow['reason'][]; count: number }> {
  const { model } = await loadModel(ctx, 'model.read', input.id);
  const golden = await readGoldenRows(ctx, model);
  const rows = golden.map((row) => row.inputs);
  return { rows, reasons: golden.map((row) => row.reason), count: rows.length };
}
