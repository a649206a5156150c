/** The worker that trains: fetches data and runtime, takes trials, and keeps the page's thread free. */
import { unpackPrepared } from '#core/tasks/prepared-task.ts';
import { breathe } from './breathe.ts';
import { thisBrowser } from './browser-name.ts';
import { lendTab } from './lend-loop.ts';
import type { FromLender, LendRequest, LendState, ToLender } from './lend-messages.ts';
import { lendServer } from './lend-server.ts';
import { loadRuntime } from './ort.ts';

const post = (message: FromLender) => self.postMessage(message);
const sleep = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds));

/** A page can draw so often; more would only fill its queue. */
const tellMs = 150;
let stopped = false;

async function lend({ searchId, backend, threads }: LendRequest): Promise<void> {
  const words = backend === 'webgpu' ? 'WebGPU' : `WASM, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  const device = `${thisBrowser()} · ${words}`;
  let state: LendState = {
    phase: 'loading',
    note: null,
    load: { done: 0, total: 0 },
    device,
    trial: null,
    progress: null,
    results: [],
  };
  let told = 0;
  const tell = (change: Partial<LendState>) => {
    // A fold that begins may say nothing more for a while.
    const turns = change.phase !== undefined || change.results !== undefined || change.progress?.fit === null;
    state = { ...state, ...change };
    if (!turns && performance.now() - told < tellMs) return;
    told = performance.now();
    post({ kind: 'state', state });
  };
  tell({ phase: 'loading' });
  const server = lendServer(self.location.origin);
  const [bytes, runtime] = await Promise.all([
    server.data(searchId, (done, total) => tell({ load: { done, total } })),
    loadRuntime(backend, threads),
  ]);
  tell({ phase: 'waiting', load: null });
  const note = await lendTab(searchId, {
    server,
    prepared: unpackPrepared(bytes),
    runtime,
    device,
    stopped: () => stopped,
    breathe,
    sleep,
    now: () => performance.now() / 1000,
    tell,
  });
  tell({ phase: 'ended', note, trial: null, progress: null });
}

self.addEventListener('message', ({ data }: MessageEvent<ToLender>) => {
  if (data.kind === 'stop') {
    stopped = true;
    return;
  }
  lend(data.request).catch((error: unknown) =>
    post({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }),
  );
});
