/** What a call hands to its steps besides data: tables with an entry for every step, or batch, and member. */
import type { Tensor } from '../contracts/runtime.ts';
import { stepScalars } from './optimizer.ts';
import { batchAxes, type Program } from './program.ts';
import type { StepPlan, TrainerOptions } from './trainer.ts';

/** The tables of `steps` steps from step `start` on, by the names of the program's inputs. */
export function stepTables(
  program: Program,
  options: TrainerOptions,
  start: number,
  steps: number,
  plan: StepPlan,
): Record<string, Tensor> {
  const { members, accumulate, layout, optimizer } = program;
  const each = (of: (t: number, k: number) => number, dims: readonly number[]): Tensor => {
    const data = new Float32Array(steps * members);
    for (let i = 0; i < steps; i++) for (let k = 0; k < members; k++) data[i * members + k] = of(start + i, k);
    return { type: 'float32', dims, data };
  };
  const perMember = [steps, members, 1];
  const scalars = (t: number, k: number) => stepScalars(optimizer, t + 1, plan.learningRate(t, k), options);
  const decay = (t: number, k: number): number => plan.decay?.(t, k) ?? 0;
  const tables: Record<string, Tensor> = {
    order: { type: 'int64', dims: [...batchAxes(steps, accumulate), members, program.batch], data: plan.order },
    step_size: each((t, k) => scalars(t, k).stepSize, perMember),
    epsilon: each((t, k) => scalars(t, k).epsilon, perMember),
    keep: each((t, k) => (layout.decay ? decay(t, k) : 1 - decay(t, k)), perMember),
  };
  if (program.average) tables.follow = each((t, k) => 1 - (plan.averageDecay?.(t, k) ?? 0), perMember);
  if (program.gradientNoise) tables.deviation = each((t, k) => plan.gradientNoise?.(t, k) ?? 0, perMember);
  if (program.rateScale) tables.rate_scale = each((t, k) => plan.dropoutScale?.(t, k) ?? 1, [steps, members]);
  if (program.mixup) {
    const data = new Float32Array(steps * accumulate * members);
    data.forEach((_, i) => {
      const at = start * accumulate + Math.floor(i / members);
      data[i] = plan.mix?.(at, i % members) ?? 1;
    });
    tables.mix = { type: 'float32', dims: [...batchAxes(steps, accumulate), members], data };
  }
  for (const [name, { kind, width }] of Object.entries(program.data)) {
    if (kind !== 'step') continue;
    const data = plan.inputs?.[name];
    if (!data) throw new RangeError(`The plan holds nothing for the input ${name}.`);
    tables[name] = { type: 'float32', dims: [...batchAxes(steps, accumulate), ...width], data };
  }
  return tables;
}
