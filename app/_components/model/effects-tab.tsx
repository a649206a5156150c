'use client';
/** What columns do to predictions: one point for each explained row, the columns that do most on top. */
import { useCallback, useMemo } from 'react';
import type { ColumnEffect, EffectReport } from '#core/contracts/insights.ts';
import { plural, significant } from '../../_lib/format.ts';
import { Chart, type ChartTokens, plotArea, tooltipContent, xAxis, yAxis } from '../chart/index.ts';
import { levelsOf, swarmOffsets } from './beeswarm.ts';
import { InsightsFrame } from './insights-frame.tsx';

const shownColumns = 10;

export interface EffectsTabProps {
  readonly modelId: string;
  readonly target: string;
}

export function EffectsTab({ modelId, target }: EffectsTabProps) {
  return (
    <InsightsFrame modelId={modelId} about="What each column does to predictions is worked out on training rows.">
      {({ effects }) => <EffectsChart effects={effects} target={target} />}
    </InsightsFrame>
  );
}

const nameOf = ({ column }: ColumnEffect) => column ?? 'all others';

function outputWords({ output }: EffectReport, target: string): string {
  if (output.kind === 'value') return target;
  return output.kind === 'class' ? `probability of ${output.name}` : 'probability of the predicted class';
}

function EffectsChart({ effects, target }: { readonly effects: EffectReport; readonly target: string }) {
  const share = effects.output.kind !== 'value';
  const say = useCallback(
    (value: number) => (share ? `${significant(100 * value, 2)} points` : significant(value, 3)),
    [share],
  );
  const shown = useMemo(() => effects.columns.filter(({ size }) => size > 0).slice(0, shownColumns), [effects]);
  const output = outputWords(effects, target);
  const draw = useCallback(
    (tokens: ChartTokens) => {
      const all = shown.flatMap((column) => column.effects);
      const [low, high] = [Math.min(0, ...all), Math.max(0, ...all)];
      const points = shown.flatMap((column, row) => {
        const offsets = swarmOffsets(column.effects, low, high);
        const levels = levelsOf(column.cells);
        return column.effects.map((effect, i) => ({
          value: [effect, row + offsets[i]!, levels[i] ?? null],
          name: nameOf(column),
          cell: column.cells[i],
        }));
      });
      const tooltip = {
        formatter: ({ data }: { data: (typeof points)[number] }) =>
          tooltipContent(data.name, [
            ...(data.cell === undefined ? [] : [['value', String(data.cell ?? 'missing')] as const]),
            [`effect on ${output}`, `${(data.value[0] ?? 0) < 0 ? '−' : '+'}${say(Math.abs(data.value[0] ?? 0))}`],
          ]),
      };
      const swarm = (id: string, data: typeof points, color?: string) => ({
        id,
        type: 'scatter',
        symbolSize: 5,
        itemStyle: { opacity: 0.75, ...(color ? { color } : {}) },
        data,
        tooltip,
      });
      const format = (value: number) => {
        const column = shown[value];
        return column ? nameOf(column) : '';
      };
      const rows = yAxis(tokens, { name: '', min: -1, max: shown.length, format, grid: false });
      return {
        grid: plotArea({ top: 10, bottom: 36 }),
        xAxis: xAxis(tokens, {
          name: `effect on ${output}${share ? ', points' : ''}`,
          grid: true,
          format: (value) => significant(share ? 100 * value : value, 3),
        }),
        yAxis: {
          ...rows,
          inverse: true,
          interval: 1,
          axisLabel: { ...rows.axisLabel, color: tokens.muted, hideOverlap: false, overflow: 'truncate', width: 104 },
        },
        visualMap: {
          show: false,
          type: 'continuous',
          seriesIndex: 0,
          dimension: 2,
          min: 0,
          max: 1,
          inRange: { color: [tokens.data[0], tokens.data[1]] },
        },
        series: [
          swarm(
            'numbers',
            points.filter(({ value }) => value[2] !== null),
          ),
          swarm(
            'others',
            points.filter(({ value }) => value[2] === null),
            tokens.faint,
          ),
        ],
      };
    },
    [shown, output, say, share],
  );
  if (shown.length === 0) return <p className="p-4 text-table text-muted">No column changes a prediction.</p>;
  return (
    <div className="p-4">
      <Chart
        label={`Effects of columns on ${output}`}
        title="What columns do"
        draw={draw}
        marks={shown.length * effects.rows}
        heightClass="h-96"
        table={{
          columns: ['column', 'mean size of effect', 'low', 'high'],
          rows: effects.columns.map((column) => [nameOf(column), column.size, column.low, column.high]),
        }}
      >
        <p className="mt-1 flex flex-wrap items-center gap-x-3 text-label text-muted">
          <span className="flex items-center gap-1.5">
            <span aria-hidden className="size-2 rounded-full bg-data-1" />
            small value
          </span>
          <span className="flex items-center gap-1.5">
            <span aria-hidden className="size-2 rounded-full bg-data-2" />
            large value
          </span>
          <span className="flex items-center gap-1.5">
            <span aria-hidden className="size-2 rounded-full bg-faint" />
            no number
          </span>
        </p>
        <p className="mt-1 max-w-prose text-label text-muted">
          A point is a row: to the right its value of the column adds to the {output}, to the left it takes away, beside
          what {effects.background} other rows have. Shapley values of {plural(effects.rows, 'training row')}; the
          largest on average on top ({nameOf(shown[0]!)}: {say(shown[0]!.size)}, {say(shown[0]!.low)} to{' '}
          {say(shown[0]!.high)}).
        </p>
      </Chart>
    </div>
  );
}
