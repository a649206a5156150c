'use client';
/**
 * The browser check: golden rows through this browser, raw outputs to the server, which alone compares. WebAssembly
 * first; where the browser offers WebGPU, the same rows once more through it.
 */
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { thisBrowser } from '../../_browser/browser-name.ts';
import type { CheckRun } from '../../_browser/check.ts';
import type { Progress } from '../../_browser/messages.ts';
import { type ModelClient, openModel } from '../../_browser/model-client.ts';
import { offersWebGpu } from '../../_browser/ort.ts';
import { errorText, type RouterOutputs, useTRPC, useTRPCClient } from '../../_lib/trpc.tsx';
import { type BrowserModel, modelFileUrl } from './use-browser-model.ts';

export type CheckVerdict = RouterOutputs['model']['submitCheck'];

export interface CheckOutcome {
  readonly runtime: string;
  readonly run: CheckRun | null;
  readonly verdict: CheckVerdict | null;
  /** Why this runtime could not run the model at all. */
  readonly error: string | null;
}

export interface BrowserCheck {
  readonly busy: boolean;
  /** What is being done, in words. */
  readonly step: string;
  readonly progress: Progress | null;
  readonly outcomes: readonly CheckOutcome[];
  readonly error: string | null;
  readonly start: () => Promise<void>;
}

export function useBrowserCheck(modelId: string, model: BrowserModel): BrowserCheck {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const cache = useQueryClient();
  const [state, setState] = useState<Omit<BrowserCheck, 'start'>>({
    busy: false,
    step: '',
    progress: null,
    outcomes: [],
    error: null,
  });
  const { load } = model;
  const start = useCallback(async () => {
    const say = (step: string, progress: Progress | null = null) => setState((now) => ({ ...now, step, progress }));
    const outcomes: CheckOutcome[] = [];
    setState({ busy: true, step: 'Loading the model', progress: null, outcomes, error: null });
    try {
      const golden = await api.model.golden.query({ id: modelId });
      const checkWith = async (client: ModelClient, name: string): Promise<CheckOutcome> => {
        const { runtime, threads } = client.model;
        const run = await client.call({ kind: 'check', rows: golden.rows }, (progress) =>
          say(`Running ${golden.count} golden rows on ${name}`, progress),
        );
        say('The server compares');
        const verdict = await api.model.submitCheck.mutate({
          modelId,
          browser: thisBrowser(),
          runtime,
          threads,
          outputs: {
            labels: run.outputs.labels && [...run.outputs.labels],
            probabilities: run.outputs.probabilities?.map((row) => [...row]),
            values: run.outputs.values && [...run.outputs.values],
          },
          oneRowMs: run.oneRow.median,
          batch128Ms: run.batch128.median,
        });
        return { runtime, run, verdict, error: null };
      };
      outcomes.push(await checkWith(await load(), 'WebAssembly'));
      setState((now) => ({ ...now, outcomes: [...outcomes] }));
      if (await offersWebGpu()) {
        say('Loading the WebGPU runtime');
        outcomes.push(
          await openModel(modelFileUrl(modelId, 'model.onnx'), 'webgpu')
            .then((client) => checkWith(client, 'WebGPU').finally(client.close))
            .catch((error: unknown) => ({
              runtime: 'onnxruntime-web webgpu',
              run: null,
              verdict: null,
              error: errorText(error),
            })),
        );
      }
      setState({ busy: false, step: '', progress: null, outcomes: [...outcomes], error: null });
    } catch (error) {
      setState({ busy: false, step: '', progress: null, outcomes: [...outcomes], error: errorText(error) });
    }
    await cache.invalidateQueries(trpc.model.pathFilter());
  }, [api, cache, load, modelId, trpc]);
  return { ...state, start };
}
