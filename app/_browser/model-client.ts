/** The page's end of the model worker: one worker per loaded model, calls as promises. */
import type { Answers, FromWorker, LoadedModel, Progress, Request, ToWorker } from './messages.ts';
import type { Backend } from './ort.ts';

export type ProgressListener = (progress: Progress) => void;

export interface ModelClient {
  readonly model: LoadedModel;
  call<K extends Exclude<keyof Answers, 'load'>>(
    request: Extract<Request, { kind: K }>,
    progress?: ProgressListener,
  ): Promise<Answers[K]>;
  close(): void;
}

interface Waiting {
  readonly resolve: (answer: Answers[keyof Answers]) => void;
  readonly reject: (error: Error) => void;
  readonly progress: ProgressListener | undefined;
}

function connect(worker: Worker) {
  const waiting = new Map<number, Waiting>();
  let next = 1;
  const failAll = (message: string) => {
    for (const { reject } of waiting.values()) reject(new Error(message));
    waiting.clear();
  };
  worker.addEventListener('error', (event) => failAll(event.message || 'The model worker could not start.'));
  worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
    const entry = waiting.get(data.id);
    if (!entry) return;
    if (data.kind === 'progress') return entry.progress?.(data.progress);
    waiting.delete(data.id);
    if (data.kind === 'answer') entry.resolve(data.answer);
    else entry.reject(new Error(data.message));
  });
  return {
    send(request: Request, progress?: ProgressListener): Promise<Answers[keyof Answers]> {
      const id = next++;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject, progress });
        worker.postMessage({ id, request } satisfies ToWorker);
      });
    },
    close() {
      worker.terminate();
      failAll('The model worker was closed.');
    },
  };
}

/**
 * Starts a worker and loads the model at `url` into it.
 * @throws when the file cannot be fetched or this browser cannot run it; the worker is gone by then
 */
export async function openModel(url: string, backend: Backend, progress?: ProgressListener): Promise<ModelClient> {
  const channel = connect(new Worker(new URL('./model.worker.ts', import.meta.url), { name: 'model' }));
  try {
    const model = (await channel.send({ kind: 'load', url, backend }, progress)) as LoadedModel;
    return {
      model,
      call: (request, listener) => channel.send(request, listener) as Promise<never>,
      close: channel.close,
    };
  } catch (error) {
    channel.close();
    throw error;
  }
}
