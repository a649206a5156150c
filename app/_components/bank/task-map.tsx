'use client';
/** The bank's tasks in a plane: those with similar data lie together. */
import { useRouter } from 'next/navigation';
import { useCallback, useMemo } from 'react';
import { placeTasks } from '#core/bank/map.ts';
import { plural } from '../../_lib/format.ts';
import { routes } from '../../_lib/routes.ts';
import type { RouterOutputs } from '../../_lib/trpc.tsx';
import { Chart, type ChartTokens, plotArea, tickSize, tooltipContent, xAxis, yAxis } from '../chart/index.ts';
import { featureWords } from './feature-words.ts';
import { scopeWords } from './scope-words.ts';

type Task = RouterOutputs['bank']['tasks'][number];

/** Names beside the points, as long as they leave room for each other. */
const mostNames = 40;
const symbols: Readonly<Record<string, string>> = { regression: 'triangle', classification: 'circle' };

export function TaskMap({ tasks }: { readonly tasks: readonly Task[] }) {
  const router = useRouter();
  const map = useMemo(() => placeTasks(tasks.map((task) => task.metaFeatures)), [tasks]);
  const open = useCallback((data: unknown) => router.push(routes.bankTask((data as { task: Task }).task.id)), [router]);
  const draw = useCallback(
    (tokens: ChartTokens) => {
      const kinds = [...new Set(tasks.map((task) => task.kind))];
      const axis = (i: number) => ({ name: axisWords(map.axes[i]), format: () => '', ticks: 4, grid: true });
      return {
        grid: plotArea({ top: 34, end: 24, bottom: 34 }),
        xAxis: xAxis(tokens, axis(0)),
        yAxis: yAxis(tokens, axis(1)),
        series: kinds.map((kind, k) => ({
          id: kind,
          name: kind,
          type: 'scatter',
          symbol: symbols[kind] ?? 'diamond',
          symbolSize: 9,
          cursor: 'pointer',
          itemStyle: { color: tokens.data[k], opacity: 0.9 },
          labelLayout: { hideOverlap: true },
          label: {
            show: tasks.length <= mostNames,
            position: 'right',
            color: tokens.muted,
            fontSize: tickSize,
            formatter: ({ data }: { data: { task: Task } }) => short(data.task.name),
          },
          data: tasks.flatMap((task, i) =>
            task.kind === kind ? [{ value: [map.points[i]!.x, map.points[i]!.y], task }] : [],
          ),
          tooltip: {
            formatter: ({ data }: { data: { task: Task } }) =>
              tooltipContent(data.task.name, [
                ['kind', data.task.kind],
                ['from', scopeWords[data.task.scope]],
                ['rows', featureWords('logRows', data.task.metaFeatures.logRows ?? 0).value],
                ['trials', String(data.task.trials)],
              ]),
          },
        })),
      };
    },
    [tasks, map],
  );
  return (
    <Chart
      label="Tasks by likeness of their data"
      title="Which tasks are alike"
      draw={draw}
      heightClass="h-80"
      marks={tasks.length}
      onPick={open}
      table={{
        columns: ['task', 'kind', 'trials', 'x', 'y'],
        rows: tasks.map((task, i) => [task.name, task.kind, task.trials, map.points[i]!.x, map.points[i]!.y]),
      }}
    >
      <p className="mt-1 text-label text-muted">
        Circles are classes, triangles numbers. Near each other: alike in size, columns, missing values and how the
        target is linked with them
        {map.axes.length > 0
          ? `; the plane shows ${Math.round(100 * map.axes.reduce((sum, { share }) => sum + share, 0))} % of the differences between ${plural(tasks.length, 'task')}`
          : ''}
        .
      </p>
    </Chart>
  );
}

const axisWords = (axis: { readonly name: string } | undefined) => (axis ? `${featureWords(axis.name, 0).term} →` : '');

const short = (name: string) => (name.length > 28 ? `${name.slice(0, 27)}…` : name);
