'use client';
/** Under the receipts: whether the same file comes out again, and what differs where it does not. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReplayView } from '#core/contracts/replay.ts';
import type { ModelView } from '#core/contracts/views.ts';
import { formatDuration, plural } from '../../_lib/format.ts';
import { errorText, useTRPC } from '../../_lib/trpc.tsx';
import { Button, Notice, showToast, Time } from '../ui/index.ts';

const lookAgainMs = 2000;
const isOpen = (replay: ReplayView | undefined): boolean => replay?.state === 'queued' || replay?.state === 'running';

export function ReplayBar({ model, mayEdit }: { readonly model: ModelView; readonly mayEdit: boolean }) {
  const trpc = useTRPC();
  const cache = useQueryClient();
  const replays = useQuery(
    trpc.model.replays.queryOptions(
      { id: model.id },
      { refetchInterval: ({ state }) => (isOpen(state.data?.[0]) ? lookAgainMs : false) },
    ),
  );
  const start = useMutation(
    trpc.model.replay.mutationOptions({
      onSuccess: () => cache.invalidateQueries(trpc.model.replays.queryFilter({ id: model.id })),
      onError: (error) => showToast({ title: 'Could not replay', description: errorText(error), tone: 'bad' }),
    }),
  );
  const last = replays.data?.[0];
  const busy = start.isPending || isOpen(last);
  return (
    <section aria-label="Replay" className="border-line border-t px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <p className="min-w-0 flex-1 basis-72 text-label text-muted">
          {last?.endedAt ? (
            <>
              {verdict(last)} <Time value={last.endedAt} />
            </>
          ) : isOpen(last) ? (
            'A worker asks the strategy again, trains by the recorded plans and compares the file.'
          ) : (
            'A replay asks the strategy again, trains by the recorded plans, and tells whether the same file comes out.'
          )}
        </p>
        {mayEdit ? (
          <Button busy={busy} onClick={() => start.mutate({ id: model.id })}>
            {last ? 'Replay again' : 'Replay'}
          </Button>
        ) : null}
      </div>
      {last ? <Differences replay={last} /> : null}
    </section>
  );
}

function verdict({ report }: ReplayView): string {
  if (!report) return 'The replay failed.';
  const { asks, trials, seconds } = report;
  const work = `${plural(asks.replayed, 'ask')}, ${plural(trials.retrained, 'trial')} trained again, ${formatDuration(seconds)}`;
  return `${report.same ? 'The same file came out, byte by byte' : 'Something differs'} · ${work} ·`;
}

function Differences({ replay: { error, report } }: { readonly replay: ReplayView }) {
  if (error)
    return (
      <Notice tone="bad" className="mt-3" title="The replay failed">
        {error}
      </Notice>
    );
  if (!report || report.same) return null;
  const lines = [...report.differences.map(({ message }) => message), ...report.environment];
  return (
    <Notice tone="warn" className="mt-3" title="What differs, first the likely cause">
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </Notice>
  );
}
