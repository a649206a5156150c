/** Ensembles, exports, verifies, scores the sealed test once, and stores the model with its papers. */
import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { appendEvent } from '#server/events/index.ts';
import { createModel, modelKeys, modelName } from '#server/services/model/create.ts';
import { finishedPerUsable, secondsLeft } from '#server/services/search/clock.ts';
import { failSearch } from '#server/services/search/fail.ts';
import { beginFinalising, beginVerifying } from '#server/services/search/finalise.ts';
import { withSearch } from '#server/services/search/lock.ts';
import { preparationOf } from '#server/services/search/prepared.ts';
import { usableTrialOf } from '#server/services/search/usable.ts';
import type { FinaliseInput, FinaliseResult } from '../trainers/finalise.ts';
import type { CandidateInput } from '../trainers/provisional.ts';
import type { Worker } from '../worker.ts';
import { boundedlySearch } from './bounded.ts';
import { withLease } from './lease.ts';
import { patiently } from './patience.ts';
import { fittingCandidates, poolAfterTimeOut, poolsOf } from './pools.ts';
import { receiptParts } from './receipt-parts.ts';
import { leaseNames } from './watch.ts';

/** A search whose time is over (after a long interruption, say) still gets so many seconds to end well. */
const leastSeconds = 4;
/** The last attempt, and the one after time ran out, is stopped only where it hangs: a model is worth more than a late end. */
const hangSeconds = 180;

type Begun = NonNullable<Awaited<ReturnType<typeof beginFinalising>>>;

export async function finalizeModel(worker: Worker, searchId: string): Promise<void> {
  await withLease(worker, leaseNames.finalize(searchId), async () => {
    try {
      const begun = await patiently(worker, () => beginFinalising(worker, searchId));
      if (begun)
        await boundedlySearch(worker, searchId, { doing: 'building the model', failure: 'no_model' }, () =>
          finalize(worker, begun),
        );
    } catch (error) {
      worker.log.error({ err: error, search: searchId }, 'finalising failed');
      await patiently(worker, () => failSearch(worker, searchId, 'The model could not be built.', 'no_model'));
    }
  });
}

async function finalize(worker: Worker, begun: Begun): Promise<void> {
  const { search } = begun;
  const candidates = await openCandidates(worker, begun.candidates);
  if (candidates.length === 0)
    return patiently(worker, () => failSearch(worker, search.id, 'No trial finished within the budget.', 'no_model'));
  const folder = join(worker.scratch, `finalise-${search.id}`);
  await mkdir(folder, { recursive: true });
  try {
    let last: FinaliseResult | undefined;
    const { setup } = preparationOf(search);
    const most = fittingCandidates(setup.rows * setup.classes, worker.config.limits.trialMegabytes);
    const usable = candidates.find(({ trialId }) => trialId === usableTrialOf(search.provisionalKey));
    const pools = poolsOf(candidates, most, usable);
    let late = false;
    for (let at = 0; at < pools.length; ) {
      const patient = late || at === pools.length - 1;
      const made = await attempt(worker, begun, pools[at] as CandidateInput[], folder, patient);
      if (made === 'stopped') return;
      if (made === 'timed out') {
        late = true;
        at = poolAfterTimeOut(pools, at, patient, usable);
        continue;
      }
      at++;
      last = made ?? last;
      if (made?.pass) return await settle(worker, begun, made, folder);
      if (made) await warn(worker, search.id, `${disagreement(made)} Trying a simpler model.`);
    }
    if (last) return await settle(worker, begun, last, folder);
    await patiently(worker, () => failSearch(worker, search.id, 'The model could not be built.', 'no_model'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function warn(worker: Worker, searchId: string, message: string): Promise<void> {
  await patiently(worker, () =>
    withSearch(worker.db, searchId, async (tx) => {
      await appendEvent(tx, searchId, 'log', { level: 'warning', message });
    }),
  );
}

function disagreement({ verification, differences }: FinaliseResult): string {
  const wrong = verification.filter((v) => !v.pass).map((v) => v.runtime);
  const [first] = differences;
  const example = first
    ? ` First difference: row ${first.row + 1}, ${first.output}: expected ${first.expected}, got ${first.got}.`
    : '';
  return `${wrong.join(' and ')} disagree${wrong.length > 1 ? '' : 's'} with the trainer.${example}`;
}

async function openCandidates(worker: Worker, trials: Begun['candidates']): Promise<CandidateInput[]> {
  const found: CandidateInput[] = [];
  for (const trial of trials) {
    // A reused artifact goes with the search that made it.
    if (!(await worker.blobs.exists(trial.artifactKey))) continue;
    const { id: trialId, number, origin, learner, summary, design, score } = trial;
    const artifactPath = await worker.blobs.localPath(trial.artifactKey);
    found.push({ trialId, number, origin, learner, summary, design, score, rowMs: trial.oneRowMs ?? 0, artifactPath });
  }
  return found;
}

/** @param patient whether it is stopped only where it hangs */
async function attempt(
  worker: Worker,
  { search, task, result }: Begun,
  candidates: readonly CandidateInput[],
  folder: string,
  patient: boolean,
): Promise<FinaliseResult | 'stopped' | 'timed out' | undefined> {
  const left = Math.max(leastSeconds, secondsLeft(search, worker.now()));
  const deadline = Date.now() + 1000 * left;
  const { build = 0 } = search.phaseSeconds;
  const expected = finishedPerUsable * build;
  // Whoever is not the last leaves the next one its time, where there is any left.
  const orderly = left + Math.max(3, 0.05 * search.budgetSeconds) - (patient ? 0 : 2 * build);
  const hardSeconds = Math.max(orderly, patient ? hangSeconds + 2 * expected : 1.5 * expected + 2);
  const path = (name: string) => join(folder, name);
  const input: FinaliseInput = {
    preparedPath: await worker.blobs.localPath(search.preparedKey as string),
    testPath: await worker.blobs.localPath(`tasks/${task.id}/test.parquet`),
    candidates,
    target: task.target,
    metric: task.metric,
    positiveClass: task.positiveClass,
    seed: search.seed,
    name: await modelName(worker, search),
    deadline,
    threads: worker.config.workers.concurrency,
    result,
    receipt: await receiptParts(worker, search, task),
    paths: {
      model: path('model.onnx'),
      golden: path('golden.jsonl'),
      report: path('report.json'),
      receipt: path('receipt.json'),
      bundle: path('model.zip'),
      outOfFold: path('out-of-fold.bin'),
    },
  };
  const outcome = await worker.service.run<FinaliseResult>('finalise', input, {
    deadline: Date.now() + 1000 * hardSeconds,
    signal: worker.shutDown.signal,
    onProgress: (data) => {
      const { verifying } = data as { verifying: number };
      void patiently(worker, () => beginVerifying(worker, search.id, verifying));
    },
  });
  if (outcome.kind === 'done') {
    const { timings, sha256, bytes } = outcome.value;
    worker.log.info({ search: search.id, left, timings, sha256, bytes }, 'model built');
    return outcome.value;
  }
  if (outcome.kind === 'cancelled') return 'stopped';
  worker.log.error({ search: search.id, candidates: candidates.length, outcome }, 'finalising did not succeed');
  const reason = outcome.kind === 'failed' ? outcome.error : outcome.kind.replaceAll('_', ' ');
  await warn(worker, search.id, `Building the model: ${reason}.`);
  return outcome.kind === 'timed_out' ? 'timed out' : undefined;
}

async function settle(worker: Worker, { search }: Begun, made: FinaliseResult, folder: string): Promise<void> {
  await patiently(worker, () => beginVerifying(worker, search.id, made.finalise));
  if (!made.pass) {
    await patiently(worker, () => failSearch(worker, search.id, disagreement(made), 'verification', made.verification));
    return;
  }
  const modelId = randomUUID();
  const keys = modelKeys(modelId);
  const files = {
    onnx: 'model.onnx',
    golden: 'golden.jsonl',
    report: 'report.json',
    receipt: 'receipt.json',
    bundle: 'model.zip',
    outOfFold: 'out-of-fold.bin',
  };
  for (const [name, file] of Object.entries(files))
    await worker.blobs.putFile(keys[name as keyof typeof keys], join(folder, file));
  for (const note of made.notes) await warn(worker, search.id, note);
  const name = await modelName(worker, search);
  const stored = await patiently(worker, () => createModel(worker, search.id, name, { ...made, modelId }));
  if (!stored) await worker.blobs.removePrefix(`models/${modelId}/`);
}
