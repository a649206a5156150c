'use client';
/** All trials: sortable, filterable, virtual; what is asked for stands in the URL. */
import { Search } from 'lucide-react';
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useDeferredValue, useMemo } from 'react';
import { type Direction, trialOrigins } from '#core/contracts/task.ts';
import type { TrialView } from '#core/contracts/views.ts';
import { formatBytes, formatDuration, formatInterval, formatScore, metricLabel } from '../../_lib/format.ts';
import { formatLatency } from '../../_lib/latency.ts';
import { filterTrials, sortTrials, trialSortKeys, trialStatusFilters } from '../../_lib/trial-rows.ts';
import { origins } from '../origin.ts';
import { OriginMark } from '../origin-mark.tsx';
import { TabMark } from '../tab-mark.tsx';
import { Button, Empty, Input, Select, StateChip, type VirtualColumn, VirtualTable } from '../ui/index.ts';

const parsers = {
  q: parseAsString.withDefault(''),
  origin: parseAsStringLiteral(['all', ...trialOrigins]).withDefault('all'),
  status: parseAsStringLiteral(['all', ...trialStatusFilters]).withDefault('all'),
  sort: parseAsStringLiteral(trialSortKeys).withDefault('score'),
  order: parseAsStringLiteral(['desc', 'asc']).withDefault('desc'),
};

export interface TrialsTableProps {
  readonly trials: readonly TrialView[];
  readonly metric: string;
  readonly direction: Direction;
  readonly bestNumber: number | null;
  readonly live: boolean;
  readonly openNumber: number | null;
  readonly onOpen: (number: number) => void;
}

export function TrialsTable({ trials, metric, direction, bestNumber, live, openNumber, onOpen }: TrialsTableProps) {
  const [asked, ask] = useQueryStates(parsers, { history: 'replace', clearOnDefault: true });
  const text = useDeferredValue(asked.q);
  const { origin, status, sort, order } = asked;
  const rows = useMemo(
    () =>
      sortTrials(
        filterTrials(trials, {
          text,
          origin: origin === 'all' ? null : origin,
          status: status === 'all' ? null : status,
        }),
        sort,
        order === 'desc',
        direction,
      ),
    [trials, text, origin, status, sort, order, direction],
  );
  const columns = useMemo(() => trialColumns(metric), [metric]);
  const filtered = asked.q !== '' || origin !== 'all' || status !== 'all';
  const clear = () => void ask({ q: null, origin: null, status: null });
  return (
    <>
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2">
        <div className="relative min-w-40 flex-1 sm:max-w-64">
          <Search aria-hidden className="pointer-events-none absolute top-2.25 left-2.5 size-3.5 text-faint" />
          <Input
            type="search"
            data-page-filter
            aria-label="Filter trials"
            placeholder="Filter by design or number"
            value={asked.q}
            onChange={(event) => void ask({ q: event.target.value || null })}
            className="pl-8"
          />
        </div>
        <div className="w-36">
          <Select
            aria-label="Came from"
            value={origin}
            onChange={(value) => void ask({ origin: value })}
            options={[
              { value: 'all', label: 'any origin' },
              ...trialOrigins.map((value) => ({ value, label: origins[value].word, note: origins[value].meaning })),
            ]}
          />
        </div>
        <div className="w-32">
          <Select
            aria-label="State"
            value={status}
            onChange={(value) => void ask({ status: value })}
            options={[
              { value: 'all', label: 'any state' },
              ...trialStatusFilters.map((value) => ({ value, label: value })),
            ]}
          />
        </div>
        {filtered ? (
          <>
            <span aria-live="polite" className="text-label text-muted">
              {rows.length} of {trials.length}
            </span>
            <Button tone="quiet" size="small" onClick={clear}>
              Clear
            </Button>
          </>
        ) : null}
      </div>
      <VirtualTable
        label="Trials"
        rows={rows}
        columns={columns}
        rowKey={(trial) => String(trial.number)}
        minWidth="47.25rem"
        live={live}
        sorting={{ key: sort, descending: order === 'desc' }}
        onSort={({ key, descending }) =>
          void ask({ sort: trialSortKeys.find((one) => one === key) ?? null, order: descending ? 'desc' : 'asc' })
        }
        onOpen={(trial) => onOpen(trial.number)}
        openKey={openNumber === null ? null : String(openNumber)}
        rowClass={(trial) => (trial.number === bestNumber ? 'bg-ember-wash' : null)}
        empty={
          filtered ? (
            <Empty title="No trial fits this filter" action={<Button onClick={clear}>Clear filter</Button>} />
          ) : (
            <Empty title="No trials yet">
              {live ? 'They appear here as soon as they are proposed.' : 'This search ended before its first trial.'}
            </Empty>
          )
        }
      />
    </>
  );
}

function ScoreCell({ trial }: { readonly trial: TrialView }) {
  const { score, low, high, state } = trial;
  if (state !== 'done' || score === null)
    return <StateChip state={state} className="border-transparent bg-transparent px-0" />;
  return low === null || high === null ? formatScore(score) : formatInterval(score, low, high);
}

function trialColumns(metric: string): readonly VirtualColumn<TrialView>[] {
  return [
    { key: 'number', header: '#', width: '4rem', sortable: true, className: 'text-faint', cell: (t) => t.number },
    {
      key: 'summary',
      header: 'Design',
      sortable: true,
      cell: (t) => (
        <span title={t.error ?? t.summary}>
          {t.summary}
          {t.error ? <span className="text-bad"> · {t.error}</span> : null}
          {t.reused ? <span className="text-faint"> · reused</span> : null}
        </span>
      ),
    },
    {
      key: 'origin',
      header: 'Came from',
      width: '8.5rem',
      sortable: true,
      className: 'text-muted',
      cell: (t) => (
        <>
          <OriginMark origin={t.origin} word />
          <TabMark trial={t} />
        </>
      ),
    },
    {
      key: 'score',
      header: metricLabel(metric),
      width: '9rem',
      end: true,
      sortable: true,
      cell: (t) => <ScoreCell trial={t} />,
    },
    {
      key: 'bytes',
      header: 'Size',
      width: '4.75rem',
      end: true,
      sortable: true,
      cell: (t) => (t.bytes === null ? '' : formatBytes(t.bytes)),
    },
    {
      key: 'oneRowMs',
      header: '1 row',
      width: '5rem',
      end: true,
      sortable: true,
      cell: (t) => (t.oneRowMs === null ? '' : formatLatency(t.oneRowMs)),
    },
    {
      key: 'seconds',
      header: 'Took',
      width: '4.75rem',
      end: true,
      sortable: true,
      cell: (t) => (t.seconds === null ? '' : formatDuration(t.seconds)),
    },
  ];
}
