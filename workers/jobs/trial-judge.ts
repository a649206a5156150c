/** Judges what a tab sent for a trial, in a child process of its own, and stores the trial or refuses the model. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Judged, putDown, refuseLent, takeUp } from '#server/services/lend/judge.ts';
import { preparationOf } from '#server/services/search/prepared.ts';
import { endTrial } from '#server/services/trial/end.ts';
import type { TaskOutcome } from '../runtime/trial-protocol.ts';
import type { JudgeInput } from '../trainers/judge.ts';
import type { TrainResult } from '../trainers/train.ts';
import type { Worker } from '../worker.ts';
import { patiently } from './patience.ts';
import { keepUsable } from './provisional.ts';
import { Pulse } from './pulse.ts';

/** Predicting takes a small share of training; what takes longer than this was made to. */
const judgeSeconds = (rows: number): number => 30 + 1e-4 * rows;
let counter = 0;

export async function judgeTrial(worker: Worker, searchId: string, trialId: string): Promise<void> {
  const judge = `${worker.name}:judge${++counter}`;
  const judged = await patiently(worker, () => takeUp(worker, { searchId, trialId, judge }));
  if (!judged) return;
  const { trial, search, owner } = judged;
  await mkdir(worker.scratch, { recursive: true });
  const artifactPath = join(worker.scratch, `${trial.id}-judged-${counter}.bin`);
  const pulse = new Pulse(worker, searchId, trialId, owner, true);
  // From the start to the moment the model arrived.
  const seconds = trial.startedAt ? (worker.now().getTime() - trial.startedAt.getTime()) / 1000 : 0;
  let keepSent = false;
  try {
    const input: JudgeInput = {
      preparedPath: await worker.blobs.localPath(search.preparedKey ?? ''),
      receivedPath: await worker.blobs.localPath(trial.artifactKey),
      learner: trial.learner,
      design: trial.design,
      seed: trial.seed,
      metric: search.request.metric,
      artifactPath,
    };
    const outcome = await worker.service.run<TrainResult>('judge', input, {
      deadline: Date.now() + 1000 * judgeSeconds(preparationOf(search).trainRows),
      signal: pulse.signal,
    });
    if (pulse.verdict === 'lost') return;
    if (pulse.verdict === 'release') {
      keepSent = true;
      await patiently(worker, () => putDown(worker, judged));
      return;
    }
    if (outcome.kind === 'done')
      await keep(worker, judged, outcome.value, outcome.peakMegabytes, artifactPath, seconds);
    else await patiently(worker, () => refuseLent(worker, judged, reasonOf(outcome)));
  } catch (error) {
    worker.log.error({ err: error, trial: trialId }, 'a model from a tab could not be judged');
    await patiently(worker, () => refuseLent(worker, judged, 'It could not be judged.'));
  } finally {
    pulse.stop();
    await rm(artifactPath, { force: true });
    if (!keepSent) await worker.blobs.remove(trial.artifactKey);
  }
}

async function keep(
  worker: Worker,
  { trial, owner }: Judged,
  result: TrainResult,
  peakMegabytes: number,
  artifactPath: string,
  seconds: number,
): Promise<void> {
  const { id: trialId, searchId, device } = trial;
  const artifactKey = `searches/${searchId}/trials/${trialId}.bin`;
  const { bytes } = await worker.blobs.putFile(artifactKey, artifactPath);
  const stored = {
    ...result,
    state: 'done' as const,
    seconds,
    bytes,
    peakMegabytes,
    artifactKey,
    device: device ?? '',
  };
  if (await patiently(worker, () => endTrial(worker, { searchId, trialId, worker: owner, outcome: stored })))
    await keepUsable(worker, searchId);
  else await worker.blobs.remove(artifactKey);
}

/** One plain line for whoever lent the tab; what went wrong on our side stays in the log. */
function reasonOf(outcome: Exclude<TaskOutcome<TrainResult>, { kind: 'done' }>): string {
  if (outcome.kind === 'timed_out') return 'Predicting with it took too long.';
  if (outcome.kind === 'out_of_memory') return 'Predicting with it took too much memory.';
  return outcome.kind === 'failed' && outcome.name === 'RefusedBagError' ? outcome.error : 'It could not be run.';
}
