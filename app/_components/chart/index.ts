export * from './axes.ts';
export * from './chart.tsx';
export * from './export.ts';
export * from './histogram.tsx';
export type { ChartTokens } from './tokens.ts';
export * from './tooltip-content.ts';
export * from './warm-line.tsx';
