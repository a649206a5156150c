'use client';
/** Score against cost: the trials that no other beats in both, the best one in ember. */
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { useCallback, useMemo } from 'react';
import type { Direction } from '#core/contracts/task.ts';
import type { TrialView } from '#core/contracts/views.ts';
import { isScored } from '../../_lib/best-curve.ts';
import { formatBytes, formatScore, metricLabel, metricWithDirection } from '../../_lib/format.ts';
import { formatLatency } from '../../_lib/latency.ts';
import { paretoFront } from '../../_lib/pareto.ts';
import { Chart, type ChartTokens, plotArea, tooltipContent, xAxis, yAxis } from '../chart/index.ts';
import { origins } from '../origin.ts';
import { Empty, Segmented } from '../ui/index.ts';
import { tickDigits } from './score-range.ts';

const costs = {
  bytes: { label: 'size', axis: 'size of the fold models', format: formatBytes },
  oneRowMs: { label: 'time per row', axis: 'time for one row', format: formatLatency },
} as const;
type Cost = keyof typeof costs;
const costNames = Object.keys(costs) as [Cost, ...Cost[]];

export interface ParetoTabProps {
  readonly trials: readonly TrialView[];
  readonly metric: string;
  readonly direction: Direction;
  readonly bestNumber: number | null;
}

export function ParetoTab({ trials, metric, direction, bestNumber }: ParetoTabProps) {
  const [cost, setCost] = useQueryState('cost', parseAsStringLiteral(costNames).withDefault('bytes'));
  const candidates = useMemo(
    () =>
      trials.filter(isScored).flatMap((trial) => {
        const value = trial[cost];
        return value !== null && value > 0 ? [{ trial, score: trial.score, cost: value }] : [];
      }),
    [trials, cost],
  );
  const front = useMemo(() => paretoFront(candidates, direction), [candidates, direction]);
  const { format, axis } = costs[cost];
  const wide =
    candidates.length > 0 &&
    Math.max(...candidates.map((c) => c.cost)) > 100 * Math.min(...candidates.map((c) => c.cost));

  const scores = candidates.map((one) => one.score);
  const digits = tickDigits(Math.max(...scores) - Math.min(...scores));

  const draw = useCallback(
    (tokens: ChartTokens) => {
      const onFront = new Set(front.map((point) => point.trial.number));
      const tooltip = {
        formatter: ({ data }: { data: { candidate: (typeof candidates)[number] } }) =>
          tooltipContent(`Trial ${data.candidate.trial.number} · ${data.candidate.trial.summary}`, [
            [metricLabel(metric), formatScore(data.candidate.score)],
            [axis, format(data.candidate.cost)],
            ['came from', origins[data.candidate.trial.origin].word],
          ]),
      };
      const points = (some: typeof candidates) =>
        some.map((candidate) => ({ value: [candidate.cost, candidate.score], candidate }));
      const chosen = candidates.filter((c) => c.trial.number === bestNumber);
      return {
        grid: plotArea({ top: 34, end: 24, bottom: 38 }),
        xAxis: xAxis(tokens, { name: axis, log: wide, format }),
        yAxis: yAxis(tokens, {
          name: `${metricWithDirection(metric)}, validation`,
          format: (value) => value.toFixed(digits),
        }),
        series: [
          {
            id: 'dominated',
            type: 'scatter',
            symbolSize: 6,
            itemStyle: { color: tokens.faint, opacity: 0.4 },
            data: points(candidates.filter((c) => !onFront.has(c.trial.number))),
            tooltip,
          },
          {
            id: 'front',
            type: 'line',
            step: 'end',
            symbol: 'circle',
            symbolSize: 8,
            lineStyle: { color: tokens.muted, width: 1.2 },
            itemStyle: { color: tokens.ink },
            data: points(front),
            tooltip,
          },
          {
            id: 'chosen',
            type: 'scatter',
            symbolSize: 12,
            z: 5,
            itemStyle: { color: tokens.ember },
            data: points(chosen),
            tooltip,
            label: {
              show: true,
              position: 'top',
              color: tokens.ink,
              fontWeight: 600,
              formatter: () => `trial ${bestNumber}`,
            },
          },
        ],
      };
    },
    [candidates, front, metric, axis, format, wide, digits, bestNumber],
  );

  if (candidates.length === 0) {
    return <Empty title="Nothing to weigh yet">Score and cost of each finished trial are drawn here.</Empty>;
  }
  return (
    <div className="p-4">
      <Chart
        label={`${metricLabel(metric)} against ${costs[cost].label}`}
        title={
          <Segmented
            label="Cost"
            className="font-normal"
            value={cost}
            onChange={(value) => void setCost(value)}
            options={costNames.map((value) => ({ value, label: costs[value].label }))}
          />
        }
        draw={draw}
        marks={candidates.length}
        table={{
          columns: ['trial', 'design', metric, axis, 'on the front'],
          rows: candidates.map((c) => [
            c.trial.number,
            c.trial.summary,
            c.score,
            c.cost,
            front.includes(c) ? 'yes' : 'no',
          ]),
        }}
        tracks={[
          {
            series: 1,
            name: 'front',
            length: front.length,
            say: (index) => {
              const point = front[index];
              return point ? `trial ${point.trial.number}: ${formatScore(point.score)} at ${format(point.cost)}` : '';
            },
          },
        ]}
      >
        <p className="mt-1 text-label text-muted">
          {front.length} of {candidates.length} trials are beaten by no other in both score and {costs[cost].label}.
        </p>
      </Chart>
    </div>
  );
}
