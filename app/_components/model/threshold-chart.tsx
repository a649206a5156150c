'use client';
/** What each decision threshold would have given on out-of-fold rows, and the one inside the file. */
import { useCallback, useMemo } from 'react';
import type { Report } from '#core/contracts/views.ts';
import { formatPercent, metricLabel, significant } from '../../_lib/format.ts';
import { Chart, type ChartTokens, plotArea, tooltipContent, xAxis, yAxis } from '../chart/index.ts';

type Thresholds = NonNullable<Report['thresholds']>;
type Measure = Exclude<keyof Thresholds['points'][number], 'threshold'>;

const name = (measure: Measure) => (measure === 'precision' || measure === 'recall' ? measure : metricLabel(measure));
const share = (value: number) => value.toFixed(1);

export interface ThresholdChartProps {
  readonly thresholds: Thresholds;
  readonly metric: Report['metric'];
  readonly title: React.ReactNode;
}

export function ThresholdChart({ thresholds, metric, title }: ThresholdChartProps) {
  const { points, chosen, positive } = thresholds;
  const main: Measure = metric in (points[0] ?? {}) ? (metric as Measure) : 'f1';

  const shown = useMemo((): readonly Measure[] => [main, 'precision', 'recall'], [main]);
  const draw = useCallback(
    (tokens: ChartTokens) => ({
      grid: plotArea({ top: 30, bottom: 36, end: 64 }),
      xAxis: xAxis(tokens, { name: `threshold on the probability of ${positive}`, min: 0, max: 1, format: share }),
      yAxis: yAxis(tokens, { name: 'out of fold', min: main === 'mcc' ? 'dataMin' : 0, max: 1, format: share }),
      series: shown.map((measure, i) => ({
        id: measure,
        type: 'line',
        symbol: 'none',
        lineStyle: {
          color: i === 0 ? tokens.ink : tokens.muted,
          width: i === 0 ? 1.8 : 1,
          type: i === 2 ? [4, 3] : 'solid',
        },
        itemStyle: { color: i === 0 ? tokens.ink : tokens.muted },
        endLabel: { show: true, formatter: name(measure), color: i === 0 ? tokens.ink : tokens.muted, distance: 4 },
        labelLayout: { moveOverlap: 'shiftY' },
        data: points.map((point) => [point.threshold, point[measure]]),
        ...(i === 0
          ? {
              markLine: {
                silent: true,
                symbol: 'none',
                lineStyle: { color: tokens.ember, width: 1.4, type: 'solid' },
                label: { show: true, formatter: `in the file: ${significant(chosen, 2)}`, color: tokens.ink },
                data: [{ xAxis: chosen }],
              },
            }
          : {}),
        tooltip: {
          formatter: ({ dataIndex }: { dataIndex: number }) => {
            const point = points[dataIndex];
            return tooltipContent(
              `threshold ${significant(point?.threshold ?? 0, 3)}`,
              shown.map((one) => [name(one), point ? point[one].toFixed(3) : '–']),
            );
          },
        },
      })),
    }),
    [points, chosen, positive, main, shown],
  );
  return (
    <Chart
      label="Metrics by decision threshold, out of fold"
      title={title}
      draw={draw}
      marks={3 * points.length}
      table={{
        columns: ['threshold', ...shown.map(name)],
        rows: points.map((point) => [point.threshold, ...shown.map((measure) => point[measure])]),
      }}
      tracks={shown.map((measure, series) => ({
        series,
        name: name(measure),
        length: points.length,
        say: (i) =>
          `${name(measure)} ${formatPercent(points[i]?.[measure] ?? 0)} at threshold ${significant(points[i]?.threshold ?? 0, 2)}`,
      }))}
    >
      <p className="mt-1 text-label text-muted">
        {thresholds.tuned
          ? `The label goes by the orange line, chosen for ${metricLabel(metric)} on rows that no model had seen.`
          : 'The label is the likelier class. The orange line can be moved by whoever uses the probabilities.'}
      </p>
    </Chart>
  );
}
