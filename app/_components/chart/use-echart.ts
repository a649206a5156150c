'use client';
import type { ECharts } from 'echarts/core';
import { type RefObject, useEffect, useRef, useState } from 'react';
import type { ChartOption } from './axes.ts';

/** Above this many marks the drawing is a canvas: SVG nodes would no longer keep 60 frames a second. */
const svgLimit = 5000;

/** Keeps one drawing in `host` in step with `option` and the host's size. */
export function useEChart(
  host: RefObject<HTMLElement | null>,
  option: ChartOption | null,
  marks: number,
): ECharts | null {
  const [chart, setChart] = useState<ECharts | null>(null);
  const renderer = marks > svgLimit ? 'canvas' : 'svg';
  const started = option !== null;
  useEffect(() => {
    const element = host.current;
    if (!element || !started) return;
    let instance: ECharts | null = null;
    let gone = false;
    const resize = new ResizeObserver(() => instance?.resize());
    void import('./echarts.ts').then(({ init }) => {
      if (gone) return;
      instance = init(element, null, { renderer });
      resize.observe(element);
      setChart(instance);
    });
    return () => {
      gone = true;
      resize.disconnect();
      instance?.dispose();
      setChart(null);
    };
  }, [host, renderer, started]);
  const latest = useRef(option);
  latest.current = option;
  useEffect(() => {
    if (chart && !chart.isDisposed() && option) chart.setOption(option, { notMerge: true, lazyUpdate: false });
  }, [chart, option]);
  return chart;
}
