'use client';
/** A chart taken away: its numbers as CSV, its drawing as SVG. */
import type { ChartOption } from './axes.ts';

export interface ChartTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

function csvCell(value: string | number | null): string {
  if (value === null) return '';
  const text = String(value);
  // A leading = + - @ would run as a formula in spreadsheets; numbers are numbers and stay.
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The table as CSV text with a header line. */
export function toCsv(table: ChartTable): string {
  return [table.columns, ...table.rows]
    .map((row) => row.map(csvCell).join(','))
    .join('\n')
    .concat('\n');
}

/** Hands a file to the browser's download. */
export function saveFile(name: string, content: string, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Draws the option once more, off the page, as a stand-alone SVG of the given size in CSS pixels. */
export async function toSvg(option: ChartOption, width: number, height: number): Promise<string> {
  const { init } = await import('./echarts.ts');
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption(option);
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}
