/** Finds out which splits of a version flatter a model: when somebody asks, outside every budget. */
import type { SplitReport } from '#core/contracts/splits.ts';
import { maxAttempts } from '#server/services/attempts.ts';
import { type BegunSplits, beginSplits, settleSplits } from '#server/services/dataset/run-splits.ts';
import { splitSeed } from '#server/services/search/task.ts';
import type { SplitsInput } from '../trainers/splits.ts';
import type { Worker } from '../worker.ts';
import { boundedly } from './bounded.ts';
import { withLease } from './lease.ts';
import { patiently } from './patience.ts';
import { leaseNames } from './watch.ts';

/** After so long nothing new is begun, and in the end what hangs is stopped. */
const usualSeconds = 40;
const mostSeconds = 180;

/** Safe to run twice: what was judged already is left alone. */
export async function judgeDatasetSplits(worker: Worker, reportId: string): Promise<void> {
  await withLease(worker, leaseNames.splits(reportId), async () => {
    const settle = (outcome: SplitReport | string) => patiently(worker, () => settleSplits(worker, reportId, outcome));
    const giveUp = () => settle(`The worker died ${maxAttempts} times while trying splits of this table.`);
    await boundedly(worker, 'splits', reportId, giveUp, async () => {
      try {
        const begun = await patiently(worker, () => beginSplits(worker, reportId));
        if (!begun) return;
        const outcome = await judge(worker, begun);
        if (outcome) await settle(outcome);
      } catch (error) {
        worker.log.error({ err: error, report: reportId }, 'judging splits failed');
        await settle('The splits of this table could not be tried.');
      }
    });
  });
}

/** @returns undefined where the worker ends first: another one begins anew */
async function judge(worker: Worker, { subject, version, testVersion }: BegunSplits) {
  const { blobs } = worker;
  if (!version.parquetKey || !version.profile) throw new Error('the data set version is not ready');
  const input: SplitsInput = {
    tablePath: await blobs.localPath(version.parquetKey),
    testTablePath: testVersion?.parquetKey ? await blobs.localPath(testVersion.parquetKey) : null,
    profile: version.profile,
    target: subject.target,
    kind: subject.kind,
    seed: splitSeed,
    seconds: usualSeconds,
  };
  const outcome = await worker.service.run<SplitReport>('splits', input, {
    deadline: Date.now() + 1000 * mostSeconds,
    signal: worker.shutDown.signal,
  });
  switch (outcome.kind) {
    case 'done':
      worker.log.info({ version: version.id, questions: outcome.value.questions.length }, 'splits judged');
      return outcome.value;
    case 'cancelled':
      return undefined;
    case 'timed_out':
      return `Trying splits of this table takes more than ${mostSeconds} seconds.`;
    case 'out_of_memory':
      return `Trying splits of this table takes more than ${worker.config.limits.trialMegabytes} MB.`;
    case 'failed':
      // What the person can act on comes as a RangeError; anything else is a fault of ours.
      if (outcome.name === 'RangeError') return outcome.error;
      throw new Error(outcome.error);
  }
}
