'use client';
/** The model of a page, loaded once into one worker and shared by check, playground and file prediction. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Progress } from '../../_browser/messages.ts';
import { type ModelClient, openModel } from '../../_browser/model-client.ts';
import { errorText } from '../../_lib/trpc.tsx';

export interface BrowserModel {
  readonly state: 'idle' | 'loading' | 'ready' | 'failed';
  readonly client: ModelClient | null;
  readonly progress: Progress | null;
  readonly error: string | null;
  /** Loads the model unless it is there or on its way. Rejects when this browser cannot run it. */
  readonly load: () => Promise<ModelClient>;
}

export const modelFileUrl = (modelId: string, file: 'model.onnx' | 'model.zip' | 'receipt.json') =>
  `/api/models/${modelId}/${file}`;

export function useBrowserModel(modelId: string): BrowserModel {
  const [state, setState] = useState<Omit<BrowserModel, 'load'>>({
    state: 'idle',
    client: null,
    progress: null,
    error: null,
  });
  const opening = useRef<Promise<ModelClient> | null>(null);
  useEffect(
    () => () => {
      void opening.current?.then((client) => client.close()).catch(() => undefined);
      opening.current = null;
    },
    [],
  );
  const load = useCallback(() => {
    opening.current ??= openModel(modelFileUrl(modelId, 'model.onnx'), 'wasm', (progress) =>
      setState((now) => (now.state === 'ready' ? now : { ...now, state: 'loading', progress })),
    ).then(
      (client) => {
        setState({ state: 'ready', client, progress: null, error: null });
        return client;
      },
      (error: unknown) => {
        opening.current = null;
        setState({ state: 'failed', client: null, progress: null, error: errorText(error) });
        throw error;
      },
    );
    setState((now) => (now.state === 'ready' ? now : { ...now, state: 'loading', error: null }));
    return opening.current;
  }, [modelId]);
  return { ...state, load };
}
