/** Options that all benches of real training share. */
import { parseArgs } from 'node:util';
import { dataFolder } from './sets.ts';

export interface TrainingOptions {
  readonly folder: string;
  readonly seeds: readonly number[];
  /** A check that the bench runs: one seed and little training, its result not kept. */
  readonly quick: boolean;
  readonly systems: readonly string[] | null;
  readonly out: string | undefined;
}

/** `--data DIR --seeds 0,1,2 --systems a,b --quick --out FILE`; `seeds` is how many there are where not stated. */
export function trainingOptions(args: string[], seeds: number): TrainingOptions {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string' },
      seeds: { type: 'string' },
      systems: { type: 'string' },
      quick: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  });
  const given = values.seeds?.split(',').map(Number) ?? Array.from({ length: seeds }, (_, i) => i);
  return {
    folder: dataFolder(values.data),
    seeds: values.quick ? given.slice(0, 1) : given,
    quick: values.quick,
    systems: values.systems?.split(',') ?? null,
    out: values.out,
  };
}

/** Where the result is kept: only a whole run counts. */
export const keptWhere = ({ quick, systems, out }: TrainingOptions): { keep: boolean; out: string | undefined } => ({
  keep: !quick && systems === null,
  out,
});
