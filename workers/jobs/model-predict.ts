/** Predicts an uploaded file with a model, and stores the answers for download. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataErrorDetail } from '#core/contracts/dataset.ts';
import { maxAttempts } from '#server/services/attempts.ts';
import { beginPrediction, notePredicted, settlePrediction } from '#server/services/prediction/run.ts';
import { predictionKey, predictionPrefix } from '#server/services/prediction/view.ts';
import type { PredictInput, PredictResult } from '../trainers/predict.ts';
import type { Worker } from '../worker.ts';
import { boundedly } from './bounded.ts';
import { withLease } from './lease.ts';
import { patiently } from './patience.ts';
import { leaseNames } from './watch.ts';

/** A file may take long: it is nobody's budget. */
const mostSeconds = 6 * 3600;
const noteEveryMs = 1000;

type Begun = NonNullable<Awaited<ReturnType<typeof beginPrediction>>>;
type Ended = { readonly error: DataErrorDetail } | PredictResult;
type Outcome = Ended | 'stopped';

/** Safe to run twice: what is predicted already is left alone. */
export async function predictModel(worker: Worker, predictionId: string): Promise<void> {
  await withLease(worker, leaseNames.predict(predictionId), async () => {
    const begun = await patiently(worker, () => beginPrediction(worker, predictionId));
    if (!begun) return;
    const file = begun.prediction.fileName;
    const settle = async (ended: Ended) => {
      if (!(await patiently(worker, () => settlePrediction(worker, predictionId, ended))))
        await worker.blobs.removePrefix(predictionPrefix(begun.prediction));
    };
    const deadly = { message: `The process that predicts died ${maxAttempts} times at this file.`, file };
    const giveUp = () => settle({ error: deadly });
    await boundedly(worker, 'prediction', predictionId, giveUp, async () => {
      const outcome = await predict(worker, begun).catch((error: unknown): Outcome => {
        worker.log.error({ err: error, prediction: predictionId }, 'predicting a file failed');
        return { error: { message: 'The file could not be predicted because of a fault on the server.', file } };
      });
      if (outcome !== 'stopped') await settle(outcome);
    });
  });
}

async function predict(worker: Worker, { prediction, model }: Begun): Promise<Outcome> {
  const { blobs, config } = worker;
  const folder = join(worker.scratch, `predict-${prediction.id}`);
  await mkdir(folder, { recursive: true });
  let noted = 0;
  try {
    const input: PredictInput = {
      modelPath: await blobs.localPath(model.onnxKey),
      file: {
        path: await blobs.localPath(prediction.sourceKey),
        fileName: prediction.fileName,
        limits: { rows: config.limits.rows, columns: config.limits.columns, bytes: 4 * config.limits.uploadBytes },
      },
      format: prediction.format,
      folder,
      outPath: join(folder, `predictions.${prediction.format}`),
    };
    const outcome = await worker.service.run<PredictResult>('predict', input, {
      deadline: Date.now() + 1000 * mostSeconds,
      signal: worker.shutDown.signal,
      onProgress: (data) => {
        if (Date.now() - noted < noteEveryMs) return;
        noted = Date.now();
        void notePredicted(worker, prediction.id, (data as { rows: number }).rows).catch(() => undefined);
      },
    });
    if (outcome.kind === 'cancelled') return 'stopped';
    if (outcome.kind === 'done') {
      await blobs.putFile(predictionKey(prediction), input.outPath);
      return outcome.value;
    }
    worker.log.warn({ prediction: prediction.id, outcome }, 'a file was not predicted');
    if (outcome.kind === 'failed' && outcome.name === 'DataError')
      return { error: (outcome.detail as { detail: DataErrorDetail }).detail };
    const message =
      outcome.kind === 'out_of_memory'
        ? `Predicting it needs more than ${config.limits.trialMegabytes} MB.`
        : outcome.kind === 'timed_out'
          ? 'Predicting it took too long.'
          : 'The file could not be predicted.';
    return { error: { message, file: prediction.fileName } };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
