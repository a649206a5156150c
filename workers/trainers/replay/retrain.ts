/** Trains recorded trials again by their plans, as many at a time as the pool holds. */
import { join } from 'node:path';
import type { ReceiptContents } from '#core/contracts/receipt.ts';
import type { ReplayDifference } from '#core/contracts/replay.ts';
import type { TrainingSettings } from '#server/config/index.ts';
import type { TrialPool } from '../../runtime/trial-pool.ts';
import type { TrainInput, TrainResult } from '../train.ts';

type Trial = ReceiptContents['trials'][number];

export interface Retrained {
  /** Where the bag of each trial lies, by its number; missing where it could not be trained. */
  readonly artifacts: ReadonlyMap<number, string>;
  readonly differences: readonly ReplayDifference[];
  /** Trials whose bag is another one. */
  readonly differ: number;
}

/** @param told how many are done, after each */
export async function retrain(
  recorded: ReceiptContents,
  trials: readonly Trial[],
  preparedPath: string,
  folder: string,
  pool: TrialPool,
  told: (done: number, total: number) => void,
): Promise<Retrained> {
  const artifacts = new Map<number, string>();
  let done = 0;
  const messages = await Promise.all(
    trials.map(async (trial) => {
      const message = await one(trial);
      told(++done, trials.length);
      return message;
    }),
  );

  async function one(trial: Trial): Promise<string | null> {
    const { number, rerun, design, seed } = trial;
    if (!rerun)
      return `it was trained elsewhere (${trial.device ?? 'unknown'}) and left no plans: it cannot be trained again here.`;
    const artifactPath = join(folder, `trial-${number}.bin`);
    const input: TrainInput = {
      searchId: '',
      preparedPath,
      learner: String(design.learner),
      design,
      seed,
      metric: recorded.request.metric,
      deadline: Number.POSITIVE_INFINITY,
      plans: rerun.plans,
      artifactPath,
      training: settingsOf(rerun.trainer),
    };
    const outcome = await pool.run<TrainResult>('train', input, { deadline: Number.POSITIVE_INFINITY });
    if (outcome.kind === 'failed') return `training it again failed: ${outcome.error}`;
    if (outcome.kind !== 'done') return `training it again ended: ${outcome.kind.replaceAll('_', ' ')}.`;
    artifacts.set(number, artifactPath);
    const again = outcome.value;
    if (again.rerun?.bag === rerun.bag) return null;
    const score = `its score was ${trial.score}, now it is ${again.score}`;
    const trainer =
      again.rerun?.trainer === rerun.trainer ? '' : `; ${rerun.trainer} trained it, now ${again.rerun?.trainer}`;
    return `${String(design.learner)} with other weights: ${score}${trainer}.`;
  }

  const differences = messages.flatMap((message, i): ReplayDifference[] => {
    const { number } = trials[i]!;
    return message ? [{ place: 'trials', message: `Trial ${number}${roleOf(recorded, number)}: ${message}` }] : [];
  });
  return { artifacts, differences, differ: differences.length };
}

/** Which member of the ensemble a trial is. */
function roleOf({ members, ensemble }: ReceiptContents, number: number): string {
  const weight = ensemble.members[members.trials.indexOf(number)]?.weight;
  return weight === undefined ? '' : ` (a member of weight ${weight.toFixed(2)})`;
}

/** The settings under which `trainer` (the name of a `NetworkTrainer`) trains. */
export function settingsOf(trainer: string | null): TrainingSettings {
  const [library = '', , kind] = trainer?.split(' ') ?? [];
  if (library === 'tfjs') {
    const backend = kind === 'node' || kind === 'node-gpu' || kind === 'cpu' ? kind : 'auto';
    return { trainer: 'tfjs', provider: 'cpu', tfjsBackend: backend };
  }
  const provider = kind === 'webgpu' || kind === 'cuda' ? kind : 'cpu';
  return { trainer: 'onnx', provider, tfjsBackend: 'auto' };
}
