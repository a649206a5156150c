/** Designs of the bank that fit a question in plain words, best first: what did well on its own task, whatever the metric. */
import { z } from 'zod';
import { readQuestion } from '#core/bank/plain-words.ts';
import { regretsOf } from '#core/bank/portfolio.ts';
import type { Design } from '#core/spaces/space.ts';
import type { ServiceContext } from '../context.ts';
import { asBankTask, mostEvidence } from './evidence.ts';
import { readBank } from './read.ts';
import { visibleBankTasks } from './visible.ts';

export const findSchema = z.object({ text: z.string().max(300) });

export interface FoundDesignRow {
  readonly id: string;
  readonly taskId: string;
  readonly taskName: string;
  readonly learner: string;
  readonly design: Design;
  readonly metric: string;
  readonly score: number;
  readonly seconds: number;
  /** 0 for the best of its task, 1 for the middle one and all below. */
  readonly regret: number;
}

export interface FoundDesigns {
  readonly understood: readonly string[];
  readonly unknown: readonly string[];
  readonly count: number;
  /** The first hundred. */
  readonly designs: readonly FoundDesignRow[];
}

const mostShown = 100;

export async function findDesigns(ctx: ServiceContext, input: z.infer<typeof findSchema>): Promise<FoundDesigns> {
  const bank = await readBank(ctx.db, await visibleBankTasks(ctx), mostEvidence);
  const question = readQuestion(
    input.text,
    bank.flatMap(({ trials }) => trials.map(({ design }) => design)),
  );
  const found = bank.flatMap((entry) => {
    const { task, trials } = entry;
    const regrets = regretsOf(asBankTask(entry));
    return trials
      .filter((trial) => question.matches({ ...trial, kind: task.kind, metaFeatures: task.metaFeatures }))
      .map(({ id, learner, design, designHash, score, seconds }) => ({
        id,
        taskId: task.id,
        taskName: task.name,
        learner,
        design,
        metric: task.metric,
        score,
        seconds,
        regret: regrets.get(designHash) ?? 1,
      }));
  });
  found.sort((a, b) => a.regret - b.regret || a.seconds - b.seconds);
  const { understood, unknown } = question;
  return { understood, unknown, count: found.length, designs: found.slice(0, mostShown) };
}
