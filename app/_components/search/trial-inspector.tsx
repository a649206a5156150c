'use client';
/** One trial in full: its design, what it cost, how it ended. */
import { useQuery } from '@tanstack/react-query';
import type { TrialView } from '#core/contracts/views.ts';
import { decisionWords } from '../../_lib/decision-words.ts';
import {
  formatBytes,
  formatDuration,
  formatHalfWidth,
  formatHash,
  formatScore,
  metricWithDirection,
} from '../../_lib/format.ts';
import { formatLatency } from '../../_lib/latency.ts';
import { errorText, useTRPC } from '../../_lib/trpc.tsx';
import { Code, Facts } from '../facts.tsx';
import { origins } from '../origin.ts';
import { OriginMark } from '../origin-mark.tsx';
import { TabMark } from '../tab-mark.tsx';
import { Figure, Inspector, Notice, Separator, Skeleton, StateChip, Time } from '../ui/index.ts';

export interface TrialInspectorProps {
  readonly trial: TrialView;
  readonly metric: string;
  readonly best: boolean;
  readonly onClose: () => void;
}

export function TrialInspector({ trial, metric, best, onClose }: TrialInspectorProps) {
  const trpc = useTRPC();
  const running = trial.state === 'queued' || trial.state === 'running';
  const detail = useQuery(
    trpc.search.trial.queryOptions({ id: trial.id }, { staleTime: running ? 0 : Number.POSITIVE_INFINITY }),
  );
  const { score, low, high } = trial;
  return (
    <Inspector
      label={`Trial ${trial.number}`}
      title={
        <span className="inline-flex items-center gap-2">
          Trial {trial.number} <StateChip state={trial.state} />
          {best ? <span className="text-label font-normal text-muted">best so far</span> : null}
        </span>
      }
      onClose={onClose}
    >
      <p className="text-table">{trial.summary}</p>
      <p className="mt-1 text-label text-muted">
        <OriginMark origin={trial.origin} word /> · {origins[trial.origin].meaning.toLowerCase()}
        <TabMark trial={trial} word />
      </p>
      <div className="mt-4">
        <Figure
          label={`${metricWithDirection(metric)}, validation`}
          value={score === null ? '–' : formatScore(score)}
          after={score !== null && low !== null && high !== null ? `± ${formatHalfWidth(score, low, high)}` : undefined}
          note={
            score !== null && low !== null && high !== null
              ? `95 % interval ${formatScore(low)} to ${formatScore(high)}`
              : undefined
          }
        />
      </div>
      {trial.error ? (
        <Notice tone="bad" className="mt-4" title="This trial gave no model">
          {trial.error}
        </Notice>
      ) : null}
      <Separator />
      <Facts
        facts={[
          { term: 'Trained on', value: trial.device ?? '–' },
          { term: 'Took', value: trial.seconds === null ? '–' : formatDuration(trial.seconds) },
          { term: 'Size of the fold models', value: trial.bytes === null ? '–' : formatBytes(trial.bytes) },
          { term: 'One row', value: trial.oneRowMs === null ? '–' : formatLatency(trial.oneRowMs) },
          { term: 'Started', value: trial.startedAt ? <Time value={trial.startedAt} /> : 'not yet' },
          { term: 'Ended', value: trial.endedAt ? <Time value={trial.endedAt} /> : running ? 'not yet' : '–' },
        ]}
      />
      <Separator />
      <h3 className="mb-2 text-table font-semibold">Design</h3>
      {detail.data ? (
        <>
          <Facts
            facts={Object.entries(detail.data.design).map(([name, value]) => ({
              term: decisionWords(name),
              value: <Code>{String(value)}</Code>,
            }))}
          />
          <Separator />
          <Facts
            facts={[
              { term: 'Seed', value: <Code>{detail.data.seed}</Code> },
              { term: 'Key', value: <Code title={detail.data.key}>{formatHash(detail.data.key, 6)}</Code> },
              { term: 'Steps kept per fold', value: detail.data.steps?.join(', ') ?? '–' },
              {
                term: 'Peak memory',
                value: detail.data.peakMegabytes === null ? '–' : `${Math.round(detail.data.peakMegabytes)} MB`,
              },
              { term: 'Attempts', value: detail.data.attempts },
            ]}
          />
        </>
      ) : detail.isError ? (
        <Notice tone="bad">{errorText(detail.error)}</Notice>
      ) : (
        <div className="flex flex-col gap-2.5">
          <Skeleton className="w-full" />
          <Skeleton className="w-4/5" />
          <Skeleton className="w-3/5" />
        </div>
      )}
      {trial.notes.length > 0 ? (
        <>
          <Separator />
          <h3 className="mb-1 text-table font-semibold">Notes</h3>
          <ul className="list-disc pl-4 text-table text-muted">
            {trial.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </>
      ) : null}
    </Inspector>
  );
}
