/** The page's end of the worker that trains: starts it, hears from it, and gives its trial back when the page goes. */
import type { FromLender, HeldTrial, LendRequest, LendState, ToLender } from './lend-messages.ts';

export interface Lending {
  /** Hands the trial back and ends the worker; `ended` is told once the server knows. */
  stop(): void;
  /** Ends the worker at once; the trial is handed back by a request that outlives the page. */
  leave(): void;
}

export interface LendListener {
  state(state: LendState): void;
  failed(message: string): void;
}

/** Milliseconds that a stopped worker has for handing back. */
const politeMs = 4000;

function giveBack({ trialId, lease }: HeldTrial): void {
  // The batch link of the page would wait for its next tick, which a page that closes does not have.
  void fetch('/api/trpc/lend.giveBack', {
    method: 'POST',
    keepalive: true,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ json: { trialId, lease, why: 'stopped' } }),
  }).catch(() => undefined);
}

export function startLending(request: LendRequest, listener: LendListener): Lending {
  const worker = new Worker(new URL('./lend.worker.ts', import.meta.url), { name: 'lend' });
  const say = (message: ToLender) => worker.postMessage(message);
  let held: HeldTrial | null = null;
  let last: LendState | null = null;
  let over = false;
  const end = () => {
    over = true;
    held = null;
    worker.terminate();
    window.removeEventListener('pagehide', leave);
  };
  const leave = () => {
    if (over) return;
    // What was handed in already is the server's.
    if (held && last?.phase !== 'judging') giveBack(held);
    end();
  };
  const fail = (message: string) => {
    if (over) return;
    if (held) giveBack(held);
    end();
    listener.failed(message);
  };
  worker.addEventListener('error', (event) => fail(event.message || 'The worker that trains could not start.'));
  worker.addEventListener('message', ({ data }: MessageEvent<FromLender>) => {
    if (over) return;
    if (data.kind === 'failed') return fail(data.message);
    last = data.state;
    held = data.state.trial;
    listener.state(data.state);
    if (data.state.phase === 'ended') end();
  });
  window.addEventListener('pagehide', leave);
  say({ kind: 'lend', request });
  return {
    stop() {
      say({ kind: 'stop' });
      setTimeout(() => {
        if (over) return;
        const state = last;
        leave();
        if (state) listener.state({ ...state, phase: 'ended', note: null, trial: null, progress: null });
      }, politeMs);
    },
    leave,
  };
}
