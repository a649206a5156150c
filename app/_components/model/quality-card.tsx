'use client';
/** One picture of quality: ROC or reliability for classes, actual against predicted for numbers. */
import { useCallback, useMemo, useState } from 'react';
import type { Report } from '#core/contracts/views.ts';
import { formatCount, formatPercent, significant } from '../../_lib/format.ts';
import { Chart, type ChartTokens, plotArea, tooltipContent, xAxis, yAxis } from '../chart/index.ts';
import { Card, Segmented } from '../ui/index.ts';
import { ThresholdChart } from './threshold-chart.tsx';

const share = (value: number) => value.toFixed(1);
const unit = { min: 0, max: 1, format: share } as const;

/** A dashed line of no skill or perfect agreement. */
const diagonal = (tokens: ChartTokens, from: number, to: number) => ({
  id: 'diagonal',
  type: 'line',
  silent: true,
  symbol: 'none',
  lineStyle: { color: tokens.lineStrong, width: 1, type: [3, 4] },
  data: [
    [from, from],
    [to, to],
  ],
});

export function QualityCard({ report }: { readonly report: Report }) {
  const views = [
    ...(report.roc ? (['roc'] as const) : []),
    ...(report.reliability ? (['reliability'] as const) : []),
    ...(report.thresholds ? (['threshold'] as const) : []),
    ...(report.residuals ? (['residuals'] as const) : []),
  ];
  const [chosen, choose] = useState<(typeof views)[number] | null>(null);
  const view = chosen ?? views[0];
  const titles = { roc: 'ROC', reliability: 'Reliability', threshold: 'Threshold', residuals: 'Actual and predicted' };
  const title =
    views.length > 1 && view ? (
      <Segmented
        label="Picture"
        className="font-normal"
        value={view}
        onChange={choose}
        options={views.map((value) => ({ value, label: titles[value] }))}
      />
    ) : view ? (
      titles[view]
    ) : undefined;
  return (
    <Card label="Quality" className="p-4">
      {view === 'roc' && report.roc ? <RocChart roc={report.roc} title={title} /> : null}
      {view === 'reliability' && report.reliability ? (
        <ReliabilityChart bins={report.reliability} title={title} />
      ) : null}
      {view === 'threshold' && report.thresholds ? (
        <ThresholdChart thresholds={report.thresholds} metric={report.metric} title={title} />
      ) : null}
      {view === 'residuals' && report.residuals ? <ResidualChart residuals={report.residuals} title={title} /> : null}
      {view ? null : <p className="text-table text-muted">No picture is in this model’s report.</p>}
    </Card>
  );
}

type Titled = { readonly title: React.ReactNode };

function RocChart({ roc, title }: { readonly roc: NonNullable<Report['roc']> } & Titled) {
  const draw = useCallback(
    (tokens: ChartTokens) => ({
      grid: plotArea({ top: 30, bottom: 36 }),
      xAxis: xAxis(tokens, { name: 'false positive rate', ...unit }),
      yAxis: yAxis(tokens, { name: 'true positive rate', ...unit }),
      series: [
        diagonal(tokens, 0, 1),
        {
          id: 'roc',
          type: 'line',
          symbol: 'circle',
          symbolSize: 5,
          showSymbol: roc.length < 40,
          lineStyle: { color: tokens.ink, width: 1.8 },
          itemStyle: { color: tokens.ink },
          data: roc.map((point) => [point.fpr, point.tpr]),
          tooltip: {
            formatter: ({ data }: { data: [number, number] }) =>
              tooltipContent('ROC', [
                ['false positive rate', formatPercent(data[0])],
                ['true positive rate', formatPercent(data[1])],
              ]),
          },
        },
      ],
    }),
    [roc],
  );
  return (
    <Chart
      label="ROC curve on the test part"
      title={title}
      draw={draw}
      marks={roc.length}
      table={{ columns: ['false positive rate', 'true positive rate'], rows: roc.map((p) => [p.fpr, p.tpr]) }}
      tracks={[
        {
          series: 1,
          name: 'ROC',
          length: roc.length,
          say: (i) => `true positive rate ${formatPercent(roc[i]?.tpr ?? 0)} at ${formatPercent(roc[i]?.fpr ?? 0)}`,
        },
      ]}
    >
      <p className="mt-1 text-label text-muted">The dashed line is guessing.</p>
    </Chart>
  );
}

function ReliabilityChart({ bins: all, title }: { readonly bins: NonNullable<Report['reliability']> } & Titled) {
  // A bin without rows has observed nothing.
  const bins = useMemo(() => all.filter((bin) => bin.count > 0), [all]);
  const most = Math.max(...bins.map((bin) => bin.count), 1);
  const draw = useCallback(
    (tokens: ChartTokens) => ({
      grid: plotArea({ top: 30, bottom: 36 }),
      xAxis: xAxis(tokens, { name: 'predicted probability', ...unit }),
      yAxis: yAxis(tokens, { name: 'observed share', ...unit }),
      series: [
        diagonal(tokens, 0, 1),
        {
          id: 'reliability',
          type: 'line',
          symbol: 'circle',
          symbolSize: (_: unknown, { dataIndex }: { dataIndex: number }) =>
            4 + 10 * Math.sqrt((bins[dataIndex]?.count ?? 0) / most),
          lineStyle: { color: tokens.muted, width: 1.2 },
          itemStyle: { color: tokens.ink },
          data: bins.map((bin) => [bin.predicted, bin.observed]),
          tooltip: {
            formatter: ({ dataIndex }: { dataIndex: number }) => {
              const bin = bins[dataIndex];
              return tooltipContent(`${formatCount(bin?.count ?? 0)} rows`, [
                ['predicted', formatPercent(bin?.predicted ?? 0)],
                ['observed', formatPercent(bin?.observed ?? 0)],
              ]);
            },
          },
        },
      ],
    }),
    [bins, most],
  );
  return (
    <Chart
      label="Reliability curve on the test part"
      title={title}
      draw={draw}
      table={{
        columns: ['predicted', 'observed', 'rows'],
        rows: bins.map((bin) => [bin.predicted, bin.observed, bin.count]),
      }}
      tracks={[
        {
          series: 1,
          name: 'reliability',
          length: bins.length,
          say: (i) =>
            `predicted ${formatPercent(bins[i]?.predicted ?? 0)}, observed ${formatPercent(bins[i]?.observed ?? 0)}`,
        },
      ]}
    >
      <p className="mt-1 text-label text-muted">
        On the dashed line a probability means what it says. Larger dots hold more rows.
      </p>
    </Chart>
  );
}

const shownWhiskers = 60;

/** One upright line from lower to upper bound for some of the points, with gaps between them. */
function whiskersOf(points: Residuals['points'], bounds: NonNullable<Residuals['bounds']>): (number | null)[][] {
  const step = Math.max(1, Math.ceil(points.length / shownWhiskers));
  return bounds.flatMap(([lower, upper], i) => {
    const actual = points[i]?.[0];
    if (i % step !== 0 || actual === undefined) return [];
    return [
      [actual, lower],
      [actual, upper],
      [actual, null],
    ];
  });
}

type Residuals = NonNullable<Report['residuals']>;

function ResidualChart({ residuals, title }: { readonly residuals: NonNullable<Report['residuals']> } & Titled) {
  const { points, quantiles, bounds } = residuals;
  const whiskers = useMemo(() => whiskersOf(points, bounds ?? []), [points, bounds]);
  const draw = useCallback(
    (tokens: ChartTokens) => {
      const values = points.flat();
      const [low, high] = [Math.min(...values), Math.max(...values)];
      const ends = {
        id: 'intervals',
        type: 'line',
        silent: true,
        symbol: 'none',
        lineStyle: { color: tokens.lineStrong, width: 1 },
        data: whiskers,
      };
      return {
        grid: plotArea({ top: 30, bottom: 36 }),
        xAxis: xAxis(tokens, { name: 'actual' }),
        yAxis: yAxis(tokens, { name: 'predicted' }),
        series: [
          ...(whiskers.length > 0 ? [ends] : []),
          diagonal(tokens, low, high),
          {
            id: 'rows',
            type: 'scatter',
            symbolSize: 4.5,
            itemStyle: { color: tokens.ink, opacity: 0.45 },
            data: points.map(([actual, predicted]) => [actual, predicted]),
            tooltip: {
              formatter: ({ data }: { data: [number, number] }) =>
                tooltipContent('test row', [
                  ['actual', significant(data[0])],
                  ['predicted', significant(data[1])],
                  ['residual', significant(data[0] - data[1])],
                ]),
            },
          },
        ],
      };
    },
    [points, whiskers],
  );
  const [, lower, median, upper] = quantiles;
  return (
    <Chart
      label="Actual and predicted values on the test part"
      title={title}
      draw={draw}
      marks={points.length}
      table={
        bounds
          ? { columns: ['actual', 'predicted', 'lower', 'upper'], rows: points.map((p, i) => [...p, ...bounds[i]!]) }
          : { columns: ['actual', 'predicted'], rows: points.map(([a, p]) => [a, p]) }
      }
    >
      {median === undefined || lower === undefined || upper === undefined ? null : (
        <p className="mt-1 text-label text-muted">
          Half of the residuals lie between {significant(lower, 3)} and {significant(upper, 3)}; the median is{' '}
          {significant(median, 2)}.{whiskers.length > 0 ? ' The upright lines are intervals of some rows.' : ''}
        </p>
      )}
    </Chart>
  );
}
