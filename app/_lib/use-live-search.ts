'use client';
import { useCallback, useEffect, useRef, useState } from 'react';
import { followSearch, isOver, type StreamState } from './search-stream.ts';
import { errorCode, useTRPCClient } from './trpc.tsx';

const finalCodes = ['NOT_FOUND', 'FORBIDDEN', 'UNAUTHORIZED', 'BAD_REQUEST'];

/** Follows search `id` while the component is shown. `refresh` asks for a fresh view at once, e.g. after a button. */
export function useLiveSearch(id: string): StreamState & { refresh: () => void } {
  const client = useTRPCClient();
  const [state, setState] = useState<StreamState>({ live: null, viewedAt: 0, connection: 'idle', error: null });
  const stream = useRef<ReturnType<typeof followSearch> | null>(null);
  useEffect(() => {
    const started = followSearch(
      {
        view: () => client.search.get.query({ id }),
        trials: () => client.search.trials.query({ id }),
        log: () => client.search.log.query({ id }),
        follow(lastEvent, on) {
          // Closing ends in `onComplete` too; what comes after it is not news.
          let closed = false;
          const lost = (error: unknown) => {
            if (!closed) on.failed(error);
            closed = true;
          };
          const subscription = client.search.events.subscribe(
            { id, lastEventId: String(lastEvent) },
            {
              onData({ data }) {
                if (!closed) on.event(data);
              },
              onConnectionStateChange({ state: next }) {
                if (closed) return;
                if (next === 'connecting') on.lost();
                if (next === 'pending') on.open();
              },
              onError: lost,
              onComplete: () => lost(null),
            },
          );
          return () => {
            closed = true;
            subscription.unsubscribe();
          };
        },
        isFinal: (error) => finalCodes.includes(errorCode(error) ?? ''),
      },
      setState,
    );
    stream.current = started;
    return () => started.stop();
  }, [client, id]);
  const refresh = useCallback(() => void stream.current?.refresh(), []);
  return { ...state, refresh };
}

/** Seconds of the budget used by now, ticking while the clock runs. */
export function useElapsed({ live, viewedAt }: Pick<StreamState, 'live' | 'viewedAt'>): number {
  const view = live?.view;
  const runs = Boolean(view?.clockRuns && !isOver(view.state) && view.state !== 'paused');
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!runs) return;
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [runs]);
  if (!view) return 0;
  return view.elapsedSeconds + (runs ? Math.max(0, now - viewedAt) / 1000 : 0);
}
