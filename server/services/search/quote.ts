/** How fast similar tasks were solved, from what the bank saw of them; says so where it does not know. */
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { profileFeatures } from '#core/bank/meta-features.ts';
import { endsOf, progressAt } from '#core/bank/progress.ts';
import { likeness, similarityWeights } from '#core/bank/similarity.ts';
import { budgetSchema, type MetricName, metricInfo, taskKinds } from '#core/contracts/task.ts';
import { weightedQuantile } from '#core/math/sort.ts';
import { bankTasks } from '#db/schema/bank.ts';
import { mostEvidence } from '../bank/evidence.ts';
import { readBank } from '../bank/read.ts';
import { visibleBankTasks } from '../bank/visible.ts';
import type { ServiceContext } from '../context.ts';
import { loadVersion, requireReady } from '../dataset/load.ts';

export const quoteSchema = z.object({
  versionId: z.uuid(),
  target: z.string().min(1).max(500),
  kind: z.enum(taskKinds),
  budgetSeconds: budgetSchema,
  /** A search whose own trials are no evidence of what came before it. */
  excludeSearchId: z.uuid().nullish(),
});

/** After so many seconds of training, one trial at a time. */
export interface ProgressPoint {
  readonly seconds: number;
  /** Shares of the way from the simplest model to the best one found: a tenth, half and nine tenths of the tasks by weight. */
  readonly low: number;
  readonly value: number;
  readonly high: number;
}

export interface Quote {
  /** What searches reached on the bank's tasks of this kind, similar ones counting more; null where the bank has none. */
  readonly points: readonly ProgressPoint[] | null;
  /** What random designs alone had reached: a start without any experience. */
  readonly cold: readonly ProgressPoint[] | null;
  readonly tasks: readonly { readonly name: string; readonly weight: number; readonly reason: string }[];
  readonly note: string;
}

const steps = 12;

export async function quoteSearch(ctx: ServiceContext, input: z.infer<typeof quoteSchema>): Promise<Quote> {
  const { version } = await loadVersion(ctx, 'search.read', input.versionId);
  const own = profileFeatures(requireReady(version).profile, input.target, input.kind);
  const which = and(await visibleBankTasks(ctx), eq(bankTasks.kind, input.kind));
  const known = (await readBank(ctx.db, which, mostEvidence)).flatMap(({ task, trials }) => {
    const others = trials.filter(
      ({ provenance }) => !input.excludeSearchId || provenance.searchId !== input.excludeSearchId,
    );
    const ends = endsOf(others, metricInfo[task.metric as MetricName].direction);
    return ends ? [{ task, trials: others, ends }] : [];
  });
  if (known.length === 0) {
    const note = 'The bank has no task of this kind yet, so nothing can be promised.';
    return { points: null, cold: null, tasks: [], note };
  }
  const features = known.map(({ task }) => task.metaFeatures);
  const weights = similarityWeights(own, features);
  const seconds = Array.from({ length: steps }, (_, i) => input.budgetSeconds * ((i + 1) / steps) ** 2);
  const curve = (from: 'all' | 'random'): ProgressPoint[] => {
    const shares = known.map(({ trials, ends }) =>
      progressAt(from === 'all' ? trials : trials.filter(({ origin }) => origin === 'random'), ends, seconds),
    );
    return seconds.map((at, i) => {
      const here = shares.map((share) => share[i]!);
      const [low, value, high] = [0.1, 0.5, 0.9].map((q) => weightedQuantile(here, weights, q));
      return { seconds: at, low: low!, value: value!, high: high! };
    });
  };
  const count = known.length;
  return {
    points: curve('all'),
    cold: curve('random'),
    tasks: known
      .map(({ task }, i) => ({ name: task.name, weight: weights[i]!, reason: likeness(own, task.metaFeatures) }))
      .sort((a, b) => b.weight - a.weight),
    note: `How ${count} earlier task${count === 1 ? '' : 's'} of this kind in the bank went. Tables differ in difficulty, so this says how soon most of what can be gained is there, not which score to expect.`,
  };
}
