/** A browser posts its raw outputs on the golden rows; the server compares and alone decides. */
import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { type Agreement, compareOutputs } from '#core/serve/agreement.ts';
import { browserChecks, models } from '#db/schema/models.ts';
import { recordAudit } from '../audit/record.ts';
import type { ServiceContext } from '../context.ts';
import { readGoldenRows } from './golden.ts';
import { loadModel } from './load.ts';

const number = z.number().nullable();
const milliseconds = z.number().min(0).max(1e6).nullish();
export const submitCheckSchema = z.object({
  modelId: z.uuid(),
  browser: z.string().min(1).max(200),
  runtime: z.string().min(1).max(200),
  threads: z.number().int().min(1).max(1024).default(1),
  outputs: z.object({
    labels: z.array(z.string().max(10_000)).max(5000).optional(),
    probabilities: z.array(z.array(number).max(2000)).max(5000).optional(),
    values: z.array(number).max(5000).optional(),
    lower: z.array(number).max(5000).optional(),
    upper: z.array(number).max(5000).optional(),
  }),
  oneRowMs: milliseconds,
  batch128Ms: milliseconds,
});

/** Stores the check, passed or not; the first pass makes the model publishable. */
export async function submitCheck(
  ctx: ServiceContext,
  input: z.input<typeof submitCheckSchema>,
): Promise<Omit<Agreement, 'rows'> & { rows: number; checkId: string }> {
  const { model, access } = await loadModel(ctx, 'model.check', input.modelId);
  const check = submitCheckSchema.parse(input);
  const agreement = compareOutputs(await readGoldenRows(ctx, model), check.outputs, model.metadata.classes);
  const checkId = await ctx.db.transaction(async (tx) => {
    const [row] = await tx
      .insert(browserChecks)
      .values({
        modelId: model.id,
        userId: ctx.actor.kind === 'user' ? ctx.actor.userId : null,
        browser: check.browser,
        runtime: check.runtime,
        threads: check.threads,
        rows: agreement.rows,
        maxAbsDiff: agreement.maxAbsDiff,
        labelFlips: agreement.labelFlips,
        pass: agreement.pass ? 1 : 0,
        differences: [...agreement.differences],
        oneRowMs: check.oneRowMs ?? null,
        batch128Ms: check.batch128Ms ?? null,
        createdAt: ctx.now(),
      })
      .returning({ id: browserChecks.id });
    if (agreement.pass)
      await tx
        .update(models)
        .set({ publishableAt: sql`coalesce(${models.publishableAt}, ${ctx.now().toISOString()}::timestamptz)` })
        .where(eq(models.id, model.id));
    const detail = { pass: agreement.pass, runtime: check.runtime };
    await recordAudit(tx, ctx, { ...access, action: 'model.check', subject: `model:${model.id}`, detail });
    return row?.id ?? '';
  });
  return { ...agreement, checkId };
}
