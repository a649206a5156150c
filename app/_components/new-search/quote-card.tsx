'use client';
/** What the budget may buy, from what the bank saw: progress against time, and on which past tasks it rests. */
import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { type QuotePoint, quoteAt } from '../../_lib/best-curve.ts';
import { formatDuration, plural } from '../../_lib/format.ts';
import { errorText, useTRPC } from '../../_lib/trpc.tsx';
import { Chart, type ChartTokens, plotArea, xAxis, yAxis } from '../chart/index.ts';
import { Card, CardBody, CardHead, Skeleton } from '../ui/index.ts';
import type { FormValues } from './form-state.ts';

export interface QuoteCardProps {
  readonly versionId: string;
  readonly values: FormValues;
}

export function QuoteCard({ versionId, values }: QuoteCardProps) {
  const trpc = useTRPC();
  const { target, kind, budgetSeconds } = values;
  const quote = useQuery(
    trpc.search.quote.queryOptions(
      { versionId, target: target ?? '', kind, budgetSeconds },
      { enabled: target !== null, staleTime: 60_000, placeholderData: (before) => before },
    ),
  );
  const points = quote.data?.points ?? null;
  return (
    <Card label="Quote">
      <CardHead title="How fast this could go" />
      <CardBody>
        {quote.isError ? (
          <p className="text-table text-muted">{errorText(quote.error)}</p>
        ) : !quote.data ? (
          <div className="flex flex-col gap-3">
            <Skeleton className="h-44 w-full" />
            <Skeleton className="w-4/5" />
          </div>
        ) : points && points.length > 1 ? (
          <QuoteChart points={points} budgetSeconds={budgetSeconds} />
        ) : (
          <EmptyQuote budgetSeconds={budgetSeconds} />
        )}
        {quote.data ? <p className="mt-3 text-table text-muted">{quote.data.note}</p> : null}
        {quote.data && quote.data.tasks.length > 0 ? (
          <ul aria-label="Past tasks" className="mt-3 flex flex-col gap-1 border-t border-line pt-3 text-table">
            {quote.data.tasks.slice(0, 5).map((task) => (
              <li key={task.name} className="flex justify-between gap-3">
                <span className="min-w-0 truncate">
                  {task.name} <span className="text-faint">{task.reason}</span>
                </span>
                <span className="text-muted">{task.weight.toFixed(2)}</span>
              </li>
            ))}
            {quote.data.tasks.length > 5 ? (
              <li className="text-label text-muted">and {plural(quote.data.tasks.length - 5, 'more task')}</li>
            ) : null}
          </ul>
        ) : null}
      </CardBody>
    </Card>
  );
}

interface QuoteChartProps {
  readonly points: readonly QuotePoint[];
  readonly budgetSeconds: number;
}

const axisName = 'share of the possible gain';
const asPercent = (share: number) => `${Math.round(100 * share)} %`;
/** Most of the gain: what is worth waiting for. */
const most = 0.9;

function QuoteChart({ points, budgetSeconds }: QuoteChartProps) {
  const draw = useCallback(
    (tokens: ChartTokens) => ({
      grid: plotArea({ top: 30, bottom: 36 }),
      xAxis: xAxis(tokens, { name: 'training time (s)', min: 0, max: budgetSeconds, ticks: 4 }),
      yAxis: yAxis(tokens, { name: axisName, min: 0, max: 1, ticks: 4, format: asPercent }),
      series: [
        {
          id: 'low',
          type: 'line',
          stack: 'band',
          stackStrategy: 'all',
          symbol: 'none',
          silent: true,
          lineStyle: { opacity: 0 },
          data: points.map((p) => [p.seconds, p.low]),
        },
        {
          id: 'band',
          type: 'line',
          stack: 'band',
          stackStrategy: 'all',
          symbol: 'none',
          silent: true,
          lineStyle: { opacity: 0 },
          areaStyle: { color: tokens.cold, opacity: 1 },
          data: points.map((p) => [p.seconds, p.high - p.low]),
        },
        {
          id: 'value',
          type: 'line',
          symbol: 'none',
          lineStyle: { color: tokens.ink, width: 1.6 },
          itemStyle: { color: tokens.ink },
          data: points.map((p) => [p.seconds, p.value]),
        },
      ],
    }),
    [points, budgetSeconds],
  );
  const end = points.at(-1);
  const tenth = quoteAt(points, budgetSeconds / 10);
  const soon = points.find((point) => point.value >= most);
  return (
    <>
      <Chart
        label="Share of the possible gain against training time"
        draw={draw}
        heightClass="h-48"
        table={{
          columns: ['training time (s)', 'low', 'predicted', 'high'],
          rows: points.map((p) => [p.seconds, p.low, p.value, p.high]),
        }}
        tracks={[
          {
            series: 2,
            name: 'predicted',
            length: points.length,
            say: (i) => `${asPercent(points[i]?.value ?? Number.NaN)} after ${formatDuration(points[i]?.seconds ?? 0)}`,
          },
        ]}
      />
      {end ? (
        <p className="mt-1 text-table">
          <b className="font-medium">{asPercent(end.value)}</b> of what can be gained over guessing within{' '}
          {formatDuration(budgetSeconds)}
          {soon && soon !== end
            ? `; ${asPercent(most)} after ${formatDuration(soon.seconds)}`
            : tenth === null
              ? ''
              : `; ${asPercent(tenth)} after a tenth of it`}
        </p>
      ) : null}
    </>
  );
}

/** Axes without a promise: the bank knows no such task yet. */
function EmptyQuote({ budgetSeconds }: { readonly budgetSeconds: number }) {
  return (
    <svg viewBox="0 0 300 120" aria-hidden className="w-full">
      <path d="M34 12V96H292" fill="none" className="stroke-line-strong" />
      {[33, 54, 75].map((y) => (
        <path key={y} d={`M34 ${y}H292`} className="stroke-line" />
      ))}
      <text x="34" y="8" className="fill-muted text-tick">
        {axisName}
      </text>
      <text x="34" y="112" textAnchor="middle" className="fill-faint text-tick">
        0 s
      </text>
      <text x="292" y="112" textAnchor="end" className="fill-faint text-tick">
        {formatDuration(budgetSeconds)}
      </text>
    </svg>
  );
}
