'use client';
/** What happened, newest first, one line each. */
import { useMemo } from 'react';
import { formatDuration, formatExactTime, formatInterval, metricLabel, plural } from '../../_lib/format.ts';
import type { LogEvent } from '../../_lib/live-search.ts';
import { Empty, type VirtualColumn, VirtualTable } from '../ui/index.ts';

export interface LogTabProps {
  readonly log: readonly LogEvent[];
  readonly metric: string;
  readonly live: boolean;
}

const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

function wordsOf(event: LogEvent, metric: string): string {
  switch (event.kind) {
    case 'state':
      return event.data.error ? `State: ${event.data.state}. ${event.data.error}` : `State: ${event.data.state}`;
    case 'prepared': {
      const { trainRows, testRows, features, folds, seconds } = event.data;
      return `Data prepared in ${formatDuration(seconds)}: ${plural(trainRows, 'row')} for training in ${plural(folds, 'fold')}, ${plural(testRows, 'row')} sealed for the test, ${plural(features, 'feature')}`;
    }
    case 'best': {
      const { value, low, high, trialNumber } = event.data;
      return `Trial ${trialNumber} is the best so far: ${metricLabel(metric)} ${formatInterval(value, low, high)}`;
    }
    case 'phase':
      return `Phase ${event.data.name} took ${formatDuration(event.data.seconds)}`;
    case 'usable':
      return `A first model is usable after ${formatDuration(event.data.seconds)}`;
    case 'prior':
      return event.data.tasks.length === 0
        ? 'The bank knows no similar task yet'
        : `The prior leans on ${plural(event.data.tasks.length, 'past task')}`;
    case 'model':
      return 'The model is exported';
    case 'log':
      return event.data.message;
  }
}

function toneOf(event: LogEvent): string | undefined {
  if (event.kind === 'log' && event.data.level === 'error') return 'text-bad';
  if (event.kind === 'log' && event.data.level === 'warning') return 'text-warn';
  return event.kind === 'log' ? 'text-muted' : undefined;
}

export function LogTab({ log, metric, live }: LogTabProps) {
  const rows = useMemo(() => [...log].reverse(), [log]);
  const columns: readonly VirtualColumn<LogEvent>[] = [
    {
      key: 'at',
      header: 'Time',
      width: '6.5rem',
      className: 'text-faint',
      cell: (event) => <time title={formatExactTime(event.at)}>{time.format(event.at)}</time>,
    },
    {
      key: 'what',
      header: 'What happened',
      cell: (event) => (
        <span className={toneOf(event)} title={wordsOf(event, metric)}>
          {wordsOf(event, metric)}
        </span>
      ),
    },
  ];
  return (
    <VirtualTable
      label="Log"
      rows={rows}
      columns={columns}
      rowKey={(event) => String(event.number)}
      live={live}
      empty={<Empty title="Nothing has happened yet">The search is waiting for a worker.</Empty>}
    />
  );
}
