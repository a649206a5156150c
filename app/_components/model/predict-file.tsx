'use client';
/** Drop a CSV: every row is predicted in this page, nothing is sent; the result is predictions.csv. */
import { Upload } from 'lucide-react';
import { type DragEvent, useEffect, useId, useState } from 'react';
import type { Progress as ProgressState } from '../../_browser/messages.ts';
import type { FileResult } from '../../_browser/predict-file.ts';
import { cx } from '../../_lib/cx.ts';
import { formatBytes, formatCount, formatDuration, plural } from '../../_lib/format.ts';
import { errorText } from '../../_lib/trpc.tsx';
import { Button, buttonClass, Notice, Progress } from '../ui/index.ts';
import type { BrowserModel } from './use-browser-model.ts';

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly file: File; readonly progress: ProgressState | null; readonly started: number }
  | {
      readonly kind: 'done';
      readonly file: File;
      readonly result: FileResult;
      readonly url: string;
      readonly seconds: number;
    }
  | { readonly kind: 'failed'; readonly file: File; readonly message: string };

export function PredictFile({ browser, modelName }: { readonly browser: BrowserModel; readonly modelName: string }) {
  const [state, setState] = useState<State>({ kind: 'idle' });
  const [over, setOver] = useState(false);
  const inputId = useId();
  const url = state.kind === 'done' ? state.url : null;
  useEffect(() => () => (url ? URL.revokeObjectURL(url) : undefined), [url]);

  const start = async (file: File) => {
    const started = performance.now();
    setState({ kind: 'running', file, progress: null, started });
    try {
      const client = await browser.load();
      const result = await client.call({ kind: 'file', file }, (progress) =>
        setState((now) => (now.kind === 'running' ? { ...now, progress } : now)),
      );
      const seconds = (performance.now() - started) / 1000;
      setState({ kind: 'done', file, result, url: URL.createObjectURL(result.csv), seconds });
    } catch (error) {
      setState({ kind: 'failed', file, message: errorText(error) });
    }
  };
  const cancel = () => void browser.client?.call({ kind: 'cancel', what: 'file' });
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file && state.kind !== 'running') void start(file);
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is the mouse's way; the button beside it does the same
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
      className={cx(
        'rounded-md border border-dashed p-3',
        over ? 'border-ember-ink bg-ember-wash' : 'border-line-strong',
      )}
    >
      {state.kind === 'running' ? (
        <div className="flex items-end gap-3">
          <div className="min-w-0 flex-1">
            <Progress
              label={`Predicting ${state.file.name}`}
              value={state.progress ? state.progress.done / Math.max(1, state.progress.total) : null}
              end={state.progress?.rows === undefined ? undefined : `${formatCount(state.progress.rows)} rows`}
            />
          </div>
          <Button size="small" onClick={cancel}>
            Cancel
          </Button>
        </div>
      ) : (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <Upload aria-hidden className="size-4 shrink-0 text-faint" />
          <p className="min-w-0 flex-1 basis-40 text-label text-muted">
            Drop a CSV with these columns: its rows are predicted in this page, nothing is sent.
          </p>
          <label
            htmlFor={inputId}
            className={buttonClass(
              'secondary',
              'small',
              'focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-ember-ink',
            )}
          >
            Choose file
            <input
              id={inputId}
              type="file"
              accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values"
              className="sr-only"
              onChange={(event) => {
                const file = event.target.files?.[0];
                event.target.value = '';
                if (file) void start(file);
              }}
            />
          </label>
        </div>
      )}
      <div aria-live="polite">
        {state.kind === 'failed' ? (
          <Notice tone="bad" className="mt-3" title={`${state.file.name} was not predicted`}>
            {state.message}
          </Notice>
        ) : null}
        {state.kind === 'done' ? <Done state={state} modelName={modelName} /> : null}
      </div>
    </div>
  );
}

function Done({ state, modelName }: { readonly state: Extract<State, { kind: 'done' }>; readonly modelName: string }) {
  const { result, file, url, seconds } = state;
  const notes = [
    result.absent.length > 0
      ? `${plural(result.absent.length, 'column')} not in the file, taken as missing: ${result.absent.slice(0, 5).join(', ')}${result.absent.length > 5 ? ', …' : ''}.`
      : null,
    result.unreadable.count > 0
      ? `${plural(result.unreadable.count, 'cell')} of number columns hold something else and were taken as missing: ${result.unreadable.first.join('; ')}${result.unreadable.count > result.unreadable.first.length ? '; …' : ''}.`
      : null,
    result.ragged > 0
      ? `${plural(result.ragged, 'row')} with more or fewer cells than the header; cells that lack were taken as missing.`
      : null,
  ].filter((note) => note !== null);
  return (
    <div className="mt-3 border-t border-line pt-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <p className="min-w-0 flex-1 basis-40 text-table">
          {plural(result.rows, 'row')} of {file.name} predicted in {formatDuration(seconds)}
        </p>
        <a
          href={url}
          download="predictions.csv"
          className={buttonClass('primary', 'small')}
          title={`Predictions of ${modelName}`}
        >
          predictions.csv, {formatBytes(result.csv.size)}
        </a>
      </div>
      {notes.map((note) => (
        <p key={note} className="mt-2 text-label text-warn">
          {note}
        </p>
      ))}
    </div>
  );
}
