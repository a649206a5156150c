/**
 * Keeps one search current: a snapshot first, then its numbered events over one stream. A hidden page holds no
 * stream (browsers allow about six connections per site); it goes on from its last event when it is seen again.
 */
import type { SearchEvent, SearchView, TrialView } from '#core/contracts/views.ts';
import { applyEvents, fromSnapshot, type LiveSearch, type LogEvent, leavesGap, withView } from './live-search.ts';

export type Connection = 'idle' | 'connecting' | 'open';

export interface SearchSource {
  view(): Promise<SearchView>;
  trials(): Promise<readonly TrialView[]>;
  log(): Promise<readonly LogEvent[]>;
  /** Opens the stream after `lastEvent`; returns how to close it. */
  follow(
    lastEvent: number,
    on: { event(event: SearchEvent): void; open(): void; lost(): void; failed(error: unknown): void },
  ): () => void;
  /** True when asking again cannot help. */
  isFinal(error: unknown): boolean;
}

export interface StreamState {
  readonly live: LiveSearch | null;
  /** When the view was made, in milliseconds of `Date.now()`. */
  readonly viewedAt: number;
  readonly connection: Connection;
  readonly error: unknown;
}

const FLUSH_MS = 80;
const REFRESH_MS = 4000;
const RETRY_MS = 2000;

export const isOver = (state: SearchView['state']) => state === 'ready' || state === 'failed' || state === 'cancelled';

/** Starts following; `onChange` gets every new state. */
export function followSearch(source: SearchSource, onChange: (state: StreamState) => void) {
  let state: StreamState = { live: null, viewedAt: 0, connection: 'idle', error: null };
  let stopped = false;
  let close: (() => void) | undefined;
  let pending: SearchEvent[] = [];
  let flushTimer: ReturnType<typeof setTimeout> | undefined;
  let refreshTimer: ReturnType<typeof setTimeout> | undefined;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;

  const set = (part: Partial<StreamState>) => {
    if (stopped) return;
    state = { ...state, ...part };
    onChange(state);
  };

  const disconnect = () => {
    close?.();
    close = undefined;
    clearTimeout(refreshTimer);
    flush();
    if (state.connection !== 'idle') set({ connection: 'idle' });
  };

  const flush = () => {
    clearTimeout(flushTimer);
    flushTimer = undefined;
    const { live } = state;
    if (!live || pending.length === 0) return;
    const events = pending;
    pending = [];
    const next = applyEvents(live, events);
    set({ live: next });
    const last = events.at(-1);
    if (last && leavesGap(next, last)) {
      // Something between was not delivered: take the stream up again where it is whole.
      close?.();
      close = undefined;
      connect();
    }
    if (next.view.state !== live.view.state || next.view.modelId !== live.view.modelId) void refresh();
    if (isOver(next.view.state)) disconnect();
  };

  const connect = () => {
    const { live } = state;
    if (stopped || close || !live || document.hidden || isOver(live.view.state)) return;
    set({ connection: 'connecting' });
    close = source.follow(live.lastEvent, {
      event(event) {
        pending.push(event);
        flushTimer ??= setTimeout(flush, FLUSH_MS);
      },
      open: () => set({ connection: 'open' }),
      lost: () => set({ connection: 'connecting' }),
      failed() {
        close = undefined;
        set({ connection: 'connecting' });
        clearTimeout(retryTimer);
        retryTimer = setTimeout(connect, RETRY_MS);
      },
    });
    scheduleRefresh();
  };

  /** Clock, phases and workers are not in the events; they are asked for now and then. */
  const scheduleRefresh = () => {
    clearTimeout(refreshTimer);
    refreshTimer = setTimeout(() => void refresh().then(scheduleRefresh), REFRESH_MS);
  };

  const refresh = async () => {
    if (stopped || !state.live || document.hidden) return;
    try {
      const view = await source.view();
      if (stopped || !state.live) return;
      flush();
      set({ live: withView(state.live, view), viewedAt: Date.now() });
      if (isOver(view.state) && state.live.lastEvent >= view.lastEvent) disconnect();
      else connect();
    } catch {
      // The stream says when the server is away; the next refresh asks again.
    }
  };

  const start = async () => {
    try {
      const view = await source.view();
      const viewedAt = Date.now();
      // After the view, so that they are at least as new as its last event.
      const [trials, log] = await Promise.all([source.trials(), source.log()]);
      set({ live: fromSnapshot(view, trials, log), viewedAt, error: null });
      connect();
    } catch (error) {
      set({ error });
      if (!stopped && !source.isFinal(error)) retryTimer = setTimeout(() => void start(), RETRY_MS);
    }
  };

  const onVisibility = () => {
    if (document.hidden) disconnect();
    else void refresh();
  };
  const onOnline = () => void refresh();
  document.addEventListener('visibilitychange', onVisibility);
  window.addEventListener('online', onOnline);
  void start();

  return {
    refresh,
    stop() {
      stopped = true;
      close?.();
      for (const timer of [flushTimer, refreshTimer, retryTimer]) clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisibility);
      window.removeEventListener('online', onOnline);
    },
  };
}
