/** The model worker: downloads one ONNX file, runs it, and keeps the page's thread free. */
import { readModelMetadata } from '#core/serve/metadata.ts';
import { runCheck } from './check.ts';
import type { Answers, FromWorker, LoadedModel, Progress, Request, ToWorker } from './messages.ts';
import { type Backend, loadRuntime } from './ort.ts';
import { predictFile } from './predict-file.ts';
import { makePredictor, type Predictor, readerOf } from './predictor.ts';

let predictor: Predictor | undefined;
let fileRuns = 0;

async function download(url: string, progress: (p: Progress) => void): Promise<Uint8Array> {
  const response = await fetch(url, { credentials: 'same-origin' });
  if (!response.ok || !response.body) throw new Error(`The model file could not be fetched (${response.status}).`);
  const total = Number(response.headers.get('content-length') ?? 0);
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    parts.push(value);
    size += value.length;
    progress({ done: size, total: Math.max(total, size) });
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

async function load(url: string, backend: Backend, progress: (p: Progress) => void): Promise<LoadedModel> {
  const start = performance.now();
  const [bytes, runtime] = await Promise.all([download(url, progress), loadRuntime(backend)]);
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
