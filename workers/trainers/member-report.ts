/** The members of an ensemble as the model's page lists them: what each scores alone, and what is lost without it. */
import type { MetricName } from '#core/contracts/task.ts';
import type { Report } from '#core/contracts/views.ts';
import { applyCalibration } from '#core/ensemble/calibrate.ts';
import { memberContributions } from '#core/ensemble/contributions.ts';
import { lossOf } from '#core/metrics/evaluate.ts';
import type { Prepared } from '#core/tasks/prepared-task.ts';
import type { Assembly } from './assemble.ts';
import { evaluatorOf } from './score.ts';

/** Calibration and decision stay those of the whole ensemble. @param stop asked before each member */
export function reportMembers(
  prepared: Prepared,
  { members, calibration, decision, validation }: Assembly,
  metric: MetricName,
  seed: number,
  stop: () => boolean,
): NonNullable<Report['members']> {
  const losses = memberContributions({
    members: members.map(({ candidate }) => candidate.bag.predictions),
    weights: members.map(({ weight }) => weight),
    lossOf: (blended) => {
      const predictions = applyCalibration(blended, validation.task.classes, calibration);
      const evaluate = evaluatorOf(prepared, validation, metric, predictions, decision ?? undefined);
      return (weights) => lossOf(metric, evaluate(weights));
    },
    rows: validation.rows.length,
    seed,
    stop,
  });
  return members.map(({ candidate: { number, learner, summary, score }, weight }, m) => ({
    trial: number,
    learner,
    design: summary,
    weight,
    score,
    loss: losses[m] ?? null,
  }));
}
