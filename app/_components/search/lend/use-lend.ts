'use client';
/** The tab of this page at work for one search. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { type Lending, startLending } from '../../../_browser/lend-client.ts';
import type { LendState } from '../../../_browser/lend-messages.ts';
import { type Backend, offersWebGpu, usableThreads } from '../../../_browser/ort.ts';

export interface LendEngine {
  readonly backend: Backend;
  readonly threads: number;
}

/**
 * One thread first: networks of tables are small, and where other work shares the cores more threads wait for each
 * other (measured on two busy cores: one thread was as fast as two, or up to twice as fast).
 */
export const plainEngine: LendEngine = { backend: 'wasm', threads: 1 };

async function enginesHere(): Promise<LendEngine[]> {
  const most = usableThreads();
  const more = [2, 4].filter((threads) => threads <= most).map((threads) => ({ backend: 'wasm' as const, threads }));
  return [plainEngine, ...more, ...((await offersWebGpu()) ? [{ backend: 'webgpu' as const, threads: 1 }] : [])];
}

export interface Lend {
  /** Null before the first start. */
  readonly state: LendState | null;
  /** Why the last start came to nothing. */
  readonly error: string | null;
  readonly active: boolean;
  readonly stopping: boolean;
  /** What networks can train on here; asked of the browser once the page is there. */
  readonly engines: readonly LendEngine[];
  readonly start: (engine: LendEngine) => void;
  readonly stop: () => void;
}

export function useLend(searchId: string): Lend {
  const [state, setState] = useState<LendState | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [active, setActive] = useState(false);
  const [stopping, setStopping] = useState(false);
  const [engines, setEngines] = useState<readonly LendEngine[]>([plainEngine]);
  const lending = useRef<Lending | null>(null);
  useEffect(() => {
    let there = true;
    void enginesHere().then((found) => there && setEngines(found));
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
    (engine: LendEngine) => {
      if (lending.current) return;
      setError(null);
      setState(null);
      setActive(true);
      lending.current = startLending(
        { searchId, ...engine },
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
  return { state, error, active, stopping, engines, start, stop };
}
