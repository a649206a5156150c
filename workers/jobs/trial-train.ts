/** Runs trials in a child process, one after another while they are short, and stores each the moment it is done. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { claimTrial } from '#server/services/trial/claim.ts';
import { endTrial, type TrialOutcome } from '#server/services/trial/end.ts';
import { type NextTrial, nextQueuedTrial } from '#server/services/trial/next.ts';
import { handBackTrial } from '#server/services/trial/release.ts';
import type { TaskOutcome } from '../runtime/trial-protocol.ts';
import type { TrainInput, TrainResult } from '../trainers/train.ts';
import type { Worker } from '../worker.ts';
import { patiently } from './patience.ts';
import { keepUsable } from './provisional.ts';
import { Pulse } from './pulse.ts';

/** Keep taking trials of the same search until a job has filled about this long: the queue then costs little. */
const jobSeconds = 1;
/** Trials that others took first, before a job leaves the rest to them. */
const mostMissed = 3;
let counter = 0;

/**
 * The queue's job says that some trial waits; which one is taken is decided here, so that workspaces take turns
 * whatever order their jobs were sent in. There is a job for each trial, so all are taken in the end.
 */
export async function trainTrials(worker: Worker): Promise<void> {
  const begin = Date.now();
  for (let missed = 0; missed < mostMissed; ) {
    const next = await patiently(worker, () => nextQueuedTrial(worker));
    if (!next) return;
    if (!(await trainOne(worker, next))) missed++;
    if (worker.shutDown.signal.aborted || Date.now() - begin > jobSeconds * 1000) return;
  }
}

/** @returns false when somebody else was faster */
async function trainOne(worker: Worker, { searchId, trialId }: NextTrial): Promise<boolean> {
  const owner = `${worker.name}:${++counter}`;
  const claimed = await patiently(worker, () => claimTrial(worker, { searchId, trialId, worker: owner }));
  if (!claimed) return false;
  const { trial, search, seconds: allowed, hardSeconds } = claimed;
  await mkdir(worker.scratch, { recursive: true });
  const artifact = join(worker.scratch, `${trial.id}-${counter}.bin`);
  const pulse = new Pulse(worker, searchId, trialId, owner);
  try {
    if (!search.preparedKey) throw new Error('the search has no prepared data');
    const began = performance.now();
    const deadline = Date.now() + 1000 * allowed;
    const input: TrainInput = {
      preparedPath: await worker.blobs.localPath(search.preparedKey),
      searchId,
      learner: trial.learner,
      design: trial.design,
      seed: trial.seed,
      metric: search.request.metric,
      deadline,
      artifactPath: artifact,
      training: worker.config.training,
    };
    const outcome = await worker.trials.run<TrainResult>('train', input, {
      deadline: Date.now() + 1000 * hardSeconds + 300,
      graceMs: 1200,
      signal: pulse.signal,
    });
    const seconds = (performance.now() - began) / 1000;
    if (pulse.verdict === 'release') {
      await patiently(worker, () => handBackTrial(worker, { searchId, trialId, worker: owner }));
      return true;
    }
    if (pulse.verdict === 'lost') return true;
    const stored = await store(worker, searchId, trialId, outcome, artifact, seconds);
    if (await patiently(worker, () => endTrial(worker, { searchId, trialId, worker: owner, outcome: stored }))) {
      if (stored.state === 'done') await keepUsable(worker, searchId);
    } else if (stored.artifactKey) await worker.blobs.remove(stored.artifactKey);
  } catch (error) {
    worker.log.error({ err: error, trial: trialId }, 'a trial failed outside its process');
    const outcome = { state: 'failed' as const, seconds: 0, error: 'The worker could not run this trial.' };
    await patiently(worker, () => endTrial(worker, { searchId, trialId, worker: owner, outcome }));
  } finally {
    pulse.stop();
    await rm(artifact, { force: true });
  }
  return true;
}

async function store(
  worker: Worker,
  searchId: string,
  trialId: string,
  outcome: TaskOutcome<TrainResult>,
  artifact: string,
  seconds: number,
): Promise<TrialOutcome> {
  const { peakMegabytes } = outcome;
  const machine = `${process.platform}-${process.arch}`;
  const { trainer, provider } = worker.config.training;
  // What a trial that did not end would have been trained by is not known where the settings leave a choice.
  const device = trainer === 'onnx' && provider === 'cpu' ? `cpu ${machine}` : machine;
  switch (outcome.kind) {
    case 'done': {
      const artifactKey = `searches/${searchId}/trials/${trialId}.bin`;
      const { bytes } = await worker.blobs.putFile(artifactKey, artifact);
      const { trainedBy, ...scored } = outcome.value;
      const where = `${trainedBy ?? 'cpu'} ${machine}`;
      return { ...scored, state: 'done', seconds, bytes, peakMegabytes, artifactKey, device: where };
    }
    case 'failed':
      return { state: 'failed', seconds, peakMegabytes, error: outcome.error, device };
    case 'timed_out':
      return { state: 'timed_out', seconds, peakMegabytes, error: 'The time of the search ran out first.', device };
    case 'out_of_memory':
      return {
        state: 'out_of_memory',
        seconds,
        peakMegabytes,
        error: `It used ${Math.round(peakMegabytes)} MB; the limit is ${worker.config.limits.trialMegabytes} MB.`,
        device,
      };
    case 'cancelled':
      return { state: 'cancelled', seconds, peakMegabytes, error: 'The search ended before this trial.', device };
  }
}
