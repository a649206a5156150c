/** The model worker: downloads one ONNX file, runs it, and keeps the page's thread free. */
import { readModelMetadata } from '#core/serve/metadata.ts';
import { breathe } from './breathe.ts';
import { runCheck } from './check.ts';
import { download } from './download.ts';
import { explainRow } from './explain-row.ts';
import type { Answers, FromWorker, LoadedModel, Progress, Request, ToWorker } from './messages.ts';
import { type Backend, loadRuntime } from './ort.ts';
import { predictFile } from './predict-file.ts';
import { makePredictor, type Predictor, readerOf } from './predictor.ts';

let predictor: Predictor | undefined;
/** Newest run of each kind that can be cancelled; older ones end. */
const runs = { file: 0, explain: 0 };

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
    runs[request.what] += 1;
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
    const run = ++runs.file;
    const total = request.file.size;
    return predictFile(
      predictor,
      request.file,
      ({ rows, bytes }) => progress({ done: bytes, total, rows }),
      () => run !== runs.file,
    );
  }
  if (request.kind === 'explain') {
    const run = ++runs.explain;
    const end = performance.now() + request.milliseconds;
    return explainRow(predictor, request.question, request.shown, {
      cancelled: () => run !== runs.explain,
      late: () => performance.now() > end,
      breathe,
    });
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
