'use client';
/** The warm-start line: best so far in ember over time, every trial by its origin, the predicted cold start behind. */
import { useCallback, useMemo } from 'react';
import { type TrialOrigin, trialOrigins } from '#core/contracts/task.ts';
import type { SearchView, TrialView } from '#core/contracts/views.ts';
import { bestCurve, isScored, type QuotePoint } from '../../_lib/best-curve.ts';
import { formatInterval, formatScore, metricLabel, metricWithDirection, plural } from '../../_lib/format.ts';
import { useWide } from '../../_lib/use-wide.ts';
import {
  Chart,
  type ChartOption,
  type ChartTable,
  type ChartTokens,
  type ChartTrack,
  originPoint,
  plotArea,
  tickSize,
  tooltipContent,
  xAxis,
  yAxis,
} from '../chart/index.ts';
import { origins } from '../origin.ts';
import { OriginLegend } from '../origin-mark.tsx';
import { scoreRange } from './score-range.ts';

/** A symbol with a path costs a drawing more than a plain mark: many trials go to the canvas earlier. */
const marksPerTrial = 4;

export interface BestChartProps {
  readonly view: Pick<SearchView, 'metric' | 'direction' | 'budgetSeconds' | 'state'>;
  readonly trials: readonly TrialView[];
  /** Scores that random designs alone would have reached, by the search's clock. */
  readonly cold: readonly QuotePoint[] | null;
  /** How many past tasks the cold start is predicted from. */
  readonly coldTasks: number;
  /** Whole seconds. */
  readonly elapsed: number;
}

export function BestChart({ view, trials, cold, coldTasks, elapsed }: BestChartProps) {
  const { metric, direction, budgetSeconds } = view;
  const wide = useWide();
  const scored = useMemo(() => trials.filter(isScored).sort((a, b) => a.at - b.at), [trials]);
  const steps = useMemo(() => bestCurve(scored, direction), [scored, direction]);
  const range = useMemo(() => scoreRange(scored, cold, direction), [scored, cold, direction]);
  const shown = trialOrigins.filter((origin) => scored.some((trial) => trial.origin === origin));
  const end = Math.max(budgetSeconds, elapsed, scored.at(-1)?.at ?? 0);
  const running = view.state !== 'ready' && view.state !== 'failed' && view.state !== 'cancelled';
  const now = running ? Math.max(elapsed, steps.at(-1)?.at ?? 0) : (scored.at(-1)?.at ?? elapsed);

  const draw = useCallback(
    (tokens: ChartTokens): ChartOption => {
      const clamp = (value: number) => (range ? Math.min(range.high, Math.max(range.low, value)) : value);
      const line: [number, number][] = steps.map((step) => [step.at, clamp(step.value)]);
      const last = line.at(-1);
      if (last) line.push([Math.max(now, last[0]), last[1]]);
      const best = steps.at(-1);
      return {
        grid: plotArea({ top: 34, end: wide ? 104 : 20, bottom: 38 }),
        xAxis: timeAxis(tokens, end, end <= budgetSeconds),
        yAxis: {
          ...yAxis(tokens, {
            name: `${metricWithDirection(metric)}, validation`,
            min: range?.low,
            max: range?.high,
            format: (value) => value.toFixed(range?.digits ?? 1),
          }),
          ...(range ? { interval: range.step } : {}),
        },
        series: [
          ...(cold && cold.length > 1 ? coldSeries(tokens, cold, clamp, wide ? coldWords(coldTasks) : null) : []),
          ...trialOrigins.map((origin) => ({
            id: `trials ${origin}`,
            name: origins[origin].word,
            type: 'scatter',
            ...originPoint(tokens, origin),
            large: false,
            data: scored
              .filter((trial) => trial.origin === origin)
              .map((trial) => ({ value: [trial.at, clamp(trial.score)], trial })),
            tooltip: {
              formatter: ({ data }: { data: { trial: TrialView } }) => trialTooltip(data.trial, metric),
            },
          })),
          {
            id: 'best',
            name: 'best so far',
            type: 'line',
            step: 'end',
            symbol: 'none',
            silent: true,
            z: 5,
            lineStyle: { color: tokens.ember, width: 2.2 },
            data: line,
            ...(running
              ? {
                  markLine: {
                    silent: true,
                    symbol: 'none',
                    label: { show: false },
                    lineStyle: { color: tokens.lineStrong, type: 'solid', width: 1 },
                    data: [{ xAxis: now }],
                  },
                }
              : {}),
          },
          {
            id: 'now',
            type: 'scatter',
            silent: true,
            z: 6,
            symbol: 'circle',
            symbolSize: 9,
            itemStyle: { color: tokens.ember, borderColor: tokens.panel, borderWidth: 1 },
            data: last && best ? [[Math.max(now, last[0]), last[1]]] : [],
            label: {
              show: true,
              position: 'top',
              distance: 6,
              color: tokens.ink,
              fontWeight: 600,
              fontSize: 12,
              formatter: () => (best ? formatScore(best.value) : ''),
            },
          },
        ],
      };
    },
    [scored, steps, range, cold, coldTasks, end, now, running, metric, budgetSeconds, wide],
  );

  return (
    <Chart
      label={`Best ${metricLabel(metric)} so far over time`}
      draw={draw}
      table={chartTable(scored, metric)}
      tracks={chartTracks(scored, metric, cold)}
      marks={scored.length * marksPerTrial}
      heightClass="h-72"
    >
      {scored.length > 0 ? (
        <div className="mt-1 flex flex-wrap items-center gap-x-4.5 gap-y-1 text-label text-muted">
          <OriginLegend shown={shown} />
          {cold && !wide ? (
            <span className="inline-flex items-center gap-1.5">
              <span aria-hidden className="h-3 w-4 rounded-sm bg-cold" /> {coldWords(coldTasks)}
            </span>
          ) : null}
          {range && range.outside > 0 ? (
            <span className="ml-auto">{plural(range.outside, 'trial')} beyond this range, drawn at its edge</span>
          ) : null}
        </div>
      ) : (
        <p className="mt-1 text-label text-muted">The first trial appears here within seconds of the start.</p>
      )}
    </Chart>
  );
}

/** Seconds of the search's clock; an end past the budget is no round number and stands unlabelled. */
function timeAxis(tokens: ChartTokens, end: number, round: boolean) {
  const axis = xAxis(tokens, { name: 'search clock (s)', min: 0, max: Math.ceil(end) });
  return { ...axis, axisLabel: { ...axis.axisLabel, showMaxLabel: round } };
}

function trialTooltip(trial: TrialView, metric: string): HTMLElement {
  const { score, low, high } = trial;
  return tooltipContent(`Trial ${trial.number} · ${trial.summary}`, [
    [
      metricLabel(metric),
      score === null ? '–' : low === null || high === null ? formatScore(score) : formatInterval(score, low, high),
    ],
    ['came from', origins[trial.origin].word],
    ['at', `${Math.round(trial.at ?? 0)} s`],
  ]);
}

const coldWords = (tasks: number) => `cold start\nfrom ${plural(tasks, 'past task')}`;

function coldSeries(
  tokens: ChartTokens,
  cold: readonly QuotePoint[],
  clamp: (value: number) => number,
  words: string | null,
): readonly object[] {
  const band = {
    type: 'line',
    stack: 'cold',
    stackStrategy: 'all',
    symbol: 'none',
    silent: true,
    lineStyle: { opacity: 0 },
  };
  return [
    { ...band, id: 'cold low', data: cold.map((p) => [p.seconds, clamp(p.low)]) },
    {
      ...band,
      id: 'cold band',
      areaStyle: { color: tokens.cold, opacity: 1 },
      data: cold.map((p) => [p.seconds, clamp(p.high) - clamp(p.low)]),
    },
    {
      id: 'cold',
      name: 'cold start',
      type: 'line',
      symbol: 'none',
      silent: true,
      lineStyle: { color: tokens.faint, width: 1, type: [3, 4] },
      data: cold.map((p) => [p.seconds, clamp(p.value)]),
      endLabel: {
        show: words !== null,
        color: tokens.muted,
        fontSize: tickSize,
        lineHeight: 14,
        formatter: words ?? '',
      },
    },
  ];
}

function chartTable(scored: readonly (TrialView & { score: number; at: number })[], metric: string): ChartTable {
  return {
    columns: ['clock (s)', 'trial', 'came from', 'design', metric, 'low', 'high'],
    rows: scored.map((t) => [
      Number(t.at.toFixed(2)),
      t.number,
      origins[t.origin].word,
      t.summary,
      t.score,
      t.low,
      t.high,
    ]),
  };
}

function chartTracks(
  scored: readonly (TrialView & { score: number; at: number })[],
  metric: string,
  cold: readonly QuotePoint[] | null,
): ChartTrack[] {
  const before = cold && cold.length > 1 ? 3 : 0;
  return trialOrigins.flatMap((origin: TrialOrigin, index) => {
    const points = scored.filter((trial) => trial.origin === origin);
    if (points.length === 0) return [];
    const say = (at: number) => {
      const trial = points[at];
      return trial
        ? `trial ${trial.number}: ${metricLabel(metric)} ${formatScore(trial.score)} at ${Math.round(trial.at)} s`
        : '';
    };
    return [{ series: before + index, name: origins[origin].word, length: points.length, say }];
  });
}
