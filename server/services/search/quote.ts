/** What a budget may buy, from what the bank saw on similar tasks; says so where it does not know. */
import { and, eq, inArray } from 'drizzle-orm';
import { z } from 'zod';
import { budgetSchema, metricInfo, metricNames, taskKinds } from '#core/contracts/task.ts';
import { bankTasks, bankTrials } from '#db/schema/bank.ts';
import { visibleBankTasks } from '../bank/visible.ts';
import type { ServiceContext } from '../context.ts';
import { authorize } from '../scopes.ts';

export const quoteSchema = z.object({
  versionId: z.uuid(),
  target: z.string().min(1).max(500),
  kind: z.enum(taskKinds),
  metric: z.enum(metricNames),
  budgetSeconds: budgetSchema,
  /** A search whose own trials are no evidence of what came before it. */
  excludeSearchId: z.uuid().nullish(),
});

export interface Quote {
  /** Best score by seconds of trials, over the bank's tasks of this kind and metric; null where the bank has none. */
  readonly points: readonly { seconds: number; low: number; value: number; high: number }[] | null;
  readonly tasks: readonly { name: string; weight: number; reason: string }[];
  readonly note: string;
}

const steps = 8;

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.round(q * (sorted.length - 1)))] ?? Number.NaN;

export async function quoteSearch(ctx: ServiceContext, input: z.infer<typeof quoteSchema>): Promise<Quote> {
  await authorize(ctx, 'search.read', { versionId: input.versionId });
  const visible = await visibleBankTasks(ctx);
  const known = await ctx.db
    .select({ id: bankTasks.id, name: bankTasks.name })
    .from(bankTasks)
    .where(and(visible, eq(bankTasks.kind, input.kind), eq(bankTasks.metric, input.metric)))
    .limit(50);
  const rows = (
    await ctx.db
      .select({
        task: bankTrials.bankTaskId,
        score: bankTrials.score,
        seconds: bankTrials.seconds,
        provenance: bankTrials.provenance,
      })
      .from(bankTrials)
      .where(
        inArray(
          bankTrials.bankTaskId,
          known.map((task) => task.id),
        ),
      )
      .orderBy(bankTrials.createdAt)
  ).filter((row) => !input.excludeSearchId || row.provenance.searchId !== input.excludeSearchId);
  const told = new Set(rows.map((row) => row.task));
  const tasks = known.filter((task) => told.has(task.id));
  if (tasks.length === 0)
    return {
      points: null,
      tasks: [],
      note: 'The bank has no task of this kind and metric yet, so nothing can be promised.',
    };
  const better = metricInfo[input.metric].direction === 'maximize' ? Math.max : Math.min;
  const points = Array.from({ length: steps }, (_, i) => {
    const seconds = input.budgetSeconds * ((i + 1) / steps) ** 2;
    const best = tasks.flatMap((task) => {
      let used = 0;
      let value: number | undefined;
      for (const row of rows) {
        if (row.task !== task.id) continue;
        used += row.seconds;
        if (used > seconds && value !== undefined) break;
        value = value === undefined ? row.score : better(value, row.score);
      }
      return value === undefined ? [] : [value];
    });
    best.sort((a, b) => a - b);
    return { seconds, low: quantile(best, 0.1), value: quantile(best, 0.5), high: quantile(best, 0.9) };
  });
  const weight = 1 / tasks.length;
  return {
    points,
    tasks: tasks.map(({ name }) => ({ name, weight, reason: 'same kind and metric' })),
    note: `What ${tasks.length} earlier task${tasks.length === 1 ? '' : 's'} of this kind and metric reached. Data sets differ in difficulty, so this is a range, not a promise.`,
  };
}
