/** The model worker: downloads one ONNX file, runs it, and keeps the page's thread free. */
import { readModelMetadata } from '#core/serve/metadata.ts';
import { runCheck } from './check.ts';
import { download } from './download.ts';
import type { Answers, FromWorker, LoadedModel, Progress, Request, ToWorker } from './messages.ts';
import { type Backend, loadRuntime } from './ort.ts';
import { predictFile } from './predict-file.ts';
import { makePredictor, type Predictor, readerOf } from './predictor.ts';

let predictor: Predictor | undefined;
let fileRuns = 0;

async function load(url: string, backend: Backend, progress: (p: Progress) => void): Promise<LoadedModel> {
  const start = performance.now();
  const [bytes, runtime] = await Promise.all([
    download(url, 'The model file', (done, total) => progress({ done, total })),
    loadRuntime(backend),
  ]);
  const metadata = readModelMetadata(bytes);
  const session = await runtime.createSession(bytes);
  predictor = makePredictor(session, metadata);
  const loadMs = performance.now() - start;
  return { metadata, runtime: runtime.name, threads: runtime.threads, bytes: bytes.length, loadMs };
}

async function answer(request: Request, progress: (p: Progress) => void): Promise<Answers[keyof Answers]> {
  if (request.kind === 'load') return load(request.url, request.backend, progress);
  if (request.kind === 'cancel') {
    fileRuns += 1;
    return null;
  }
  if (!predictor) throw new Error('No model is loaded.');
  if (request.kind === 'check') {
    return runCheck(
      predictor,
      request.rows,
      () => performance.now(),
      (done, total) => progress({ done, total }),
    );
  }
  if (request.kind === 'file') {
    fileRuns += 1;
    const run = fileRuns;
    const total = request.file.size;
    return predictFile(
      predictor,
      request.file,
      ({ rows, bytes }) => progress({ done: bytes, total, rows }),
      () => run !== fileRuns,
    );
  }
  const { predictions } = await predictor.predict(request.rows.length, readerOf(request.rows));
  return predictions;
}

const post = (message: FromWorker) => self.postMessage(message);

self.addEventListener('message', async ({ data }: MessageEvent<ToWorker>) => {
  const { id, request } = data;
  try {
    post({
      id,
      kind: 'answer',
      answer: await answer(request, (progress) => post({ id, kind: 'progress', progress })),
    });
  } catch (error) {
    post({ id, kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
});
