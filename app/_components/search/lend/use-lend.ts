'use client';
/** The tab of this page at work for one search. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { type Lending, startLending } from '../../../_browser/lend-client.ts';
import type { LendState } from '../../../_browser/lend-messages.ts';
import { type Backend, offersWebGpu, usableThreads } from '../../../_browser/ort.ts';

export interface Lend {
  /** Null before the first start. */
  readonly state: LendState | null;
  /** Why the last start came to nothing. */
  readonly error: string | null;
  readonly active: boolean;
  readonly stopping: boolean;
  /** Asked of the browser once the page is there. */
  readonly webGpu: boolean;
  readonly start: (backend: Backend) => void;
  readonly stop: () => void;
}

export function useLend(searchId: string): Lend {
  const [state, setState] = useState<LendState | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [active, setActive] = useState(false);
  const [stopping, setStopping] = useState(false);
  const [webGpu, setWebGpu] = useState(false);
  const lending = useRef<Lending | null>(null);
  useEffect(() => {
    let there = true;
    void offersWebGpu().then((offered) => there && setWebGpu(offered));
    return () => {
      there = false;
    };
  }, []);
  useEffect(
    () => () => {
      lending.current?.leave();
      lending.current = null;
    },
    [],
  );
  const over = useCallback(() => {
    lending.current = null;
    setActive(false);
    setStopping(false);
  }, []);
  const start = useCallback(
    (backend: Backend) => {
      if (lending.current) return;
      setError(null);
      setState(null);
      setActive(true);
      lending.current = startLending(
        { searchId, backend, threads: usableThreads() },
        {
          state(next) {
            setState(next);
            if (next.phase === 'ended') over();
          },
          failed(message) {
            setError(message);
            setState(null);
            over();
          },
        },
      );
    },
    [searchId, over],
  );
  const stop = useCallback(() => {
    setStopping(true);
    lending.current?.stop();
  }, []);
  return { state, error, active, stopping, webGpu, start, stop };
}
