/** Options shared by all charts: axes with units, quiet grid lines, room for direct labels. */
import type { EChartsCoreOption } from 'echarts/core';
import type { TrialOrigin } from '#core/contracts/task.ts';
import { origins } from '../origin.ts';
import type { ChartTokens } from './tokens.ts';

export type ChartOption = EChartsCoreOption;

/** Text size of ticks and axis names in the drawing, as `text-tick` is in CSS. */
export const tickSize = 11;

export interface AxisRequest {
  /** Name with unit: `ROC AUC, validation (higher is better)`, `time (s)`. */
  readonly name: string;
  readonly format?: (value: number) => string;
  /** Log scale for ranges past a factor of 100; the name says so. */
  readonly log?: boolean;
  readonly min?: number | 'dataMin' | ((range: { min: number; max: number }) => number);
  readonly max?: number | 'dataMax' | ((range: { min: number; max: number }) => number);
  /** Grid lines across the plot; on for the value axis. */
  readonly grid?: boolean;
  readonly ticks?: number;
}

function base(tokens: ChartTokens, request: AxisRequest) {
  return {
    type: request.log ? 'log' : 'value',
    scale: true,
    min: request.min,
    max: request.max,
    splitNumber: request.ticks ?? 5,
    axisLine: { show: false, onZero: false },
    axisTick: { show: false },
    splitLine: { show: request.grid ?? false, lineStyle: { color: tokens.line, width: 1 } },
    axisLabel: {
      color: tokens.faint,
      fontSize: tickSize,
      fontFamily: tokens.font,
      hideOverlap: true,
      formatter: request.format,
    },
    nameTextStyle: { color: tokens.muted, fontSize: tickSize, fontFamily: tokens.font },
    axisPointer: { label: { show: false }, lineStyle: { color: tokens.lineStrong, type: 'solid', width: 1 } },
  };
}

/** Vertical value axis; its name stands above it, left-aligned, so that nothing is rotated. */
export function yAxis(tokens: ChartTokens, request: AxisRequest) {
  return {
    ...base(tokens, { grid: true, ...request }),
    name: request.log ? `${request.name}, log scale` : request.name,
    nameLocation: 'end',
    nameGap: 10,
    nameTextStyle: { color: tokens.muted, fontSize: tickSize, fontFamily: tokens.font, align: 'left' },
  };
}

/** Horizontal value axis; its name stands below the ticks, centred. */
export function xAxis(tokens: ChartTokens, request: AxisRequest) {
  return {
    ...base(tokens, request),
    name: request.log ? `${request.name}, log scale` : request.name,
    nameLocation: 'middle',
    nameGap: 26,
  };
}

/** Names along an axis: columns, classes, learners. */
export function categoryAxis(tokens: ChartTokens, names: readonly string[], name = '') {
  return {
    type: 'category',
    data: [...names],
    name,
    nameLocation: 'middle',
    nameGap: 26,
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: {
      color: tokens.muted,
      fontSize: tickSize,
      fontFamily: tokens.font,
      hideOverlap: true,
      overflow: 'truncate',
      width: 120,
    },
    nameTextStyle: { color: tokens.muted, fontSize: tickSize, fontFamily: tokens.font },
  };
}

/** Room around the plot. `end` leaves space at the right for direct labels. */
export function plotArea(room: { top?: number; end?: number; bottom?: number; start?: number } = {}) {
  return {
    top: room.top ?? 28,
    right: room.end ?? 16,
    bottom: room.bottom ?? 40,
    left: room.start ?? 8,
    outerBoundsMode: 'same',
    outerBoundsContain: 'axisLabel',
  };
}

/** What every chart starts from: no animation, the product's type, a pointer that shows exact values. */
export function baseOption(tokens: ChartTokens): ChartOption {
  return {
    animation: false,
    textStyle: { fontFamily: tokens.font, color: tokens.ink, fontSize: tickSize },
    tooltip: {
      trigger: 'item',
      confine: true,
      transitionDuration: 0,
      backgroundColor: tokens.panel,
      borderColor: tokens.lineStrong,
      borderWidth: 1,
      padding: [6, 10],
      textStyle: { color: tokens.ink, fontSize: 12, fontFamily: tokens.font },
      extraCssText: 'border-radius:6px;box-shadow:none;',
    },
  };
}

/** Symbol of a trial by its origin, sized so that all shapes weigh the same; for a scatter series or a single point. */
export function originPoint(tokens: ChartTokens, origin: TrialOrigin) {
  const size = origin === 'portfolio' ? 7 : origin === 'manual' ? 10 : 9;
  return {
    symbol: `path://${origins[origin].path}`,
    symbolSize: size,
    itemStyle: { color: tokens.origins[origin], opacity: 0.9 },
  };
}
