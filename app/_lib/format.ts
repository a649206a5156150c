/**
 * How numbers, times and sizes are written everywhere in the interface: with units, in the reader's digits of
 * interest, and never more precise than the value is. Pure functions, used by server and browser alike.
 */
import { type MetricName, metricInfo } from '#core/contracts/task.ts';

const group = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** A whole number with thousands separated: `32,561`. */
export function formatCount(value: number): string {
  return group.format(value);
}

/** A count with its noun in the right number: `1 row`, `32,561 rows`. */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${formatCount(value)} ${value === 1 ? one : many}`;
}

/** Bytes in decimal units as file managers show them: `412 kB`, `1.3 MB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.5 ? 0 : 1;
  return `${value.toFixed(digits).replace(/\.0$/, '')} ${units[unit]}`;
}

/** A span of seconds: `0.8 ms`, `140 ms`, `3.1 s`, `4 min`, `1 h 20 min`, `2 d 4 h`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  if (seconds === 0) return '0 s';
  if (seconds < 0.0995) return `${significant(seconds * 1000, 2)} ms`;
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 119.5) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return seconds < 600 && seconds % 60 >= 1 ? withRest(seconds, 60, 'min', 's') : `${minutes} min`;
  if (minutes < 24 * 60) return withRest(minutes, 60, 'h', 'min');
  return withRest(Math.round(minutes / 60), 24, 'd', 'h');
}

function withRest(value: number, base: number, big: string, small: string): string {
  const rounded = Math.round(value);
  const whole = Math.floor(rounded / base);
  const rest = rounded - whole * base;
  return rest === 0 ? `${whole} ${big}` : `${whole} ${big} ${rest} ${small}`;
}

/** Latency given in milliseconds. */
export function formatMilliseconds(milliseconds: number): string {
  return formatDuration(milliseconds / 1000);
}

/** Any measured number to `digits` significant figures, without exponent between 1e-4 and 1e7. */
export function significant(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e7) return value.toExponential(Math.max(0, Math.min(2, digits - 1))).replace('e+', 'e');
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  return size >= 10 ** (digits - 1)
    ? group.format(value)
    : Number(value.toFixed(Math.min(decimals, 8))).toLocaleString('en-US', { maximumFractionDigits: 8 });
}

/** A share 0..1 as per cent: `73 %`, `0.4 %`. */
export function formatPercent(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.95) return `${significant(percent, 1)} %`;
  return `${Math.round(percent)} %`;
}

/** Decimals that keep two figures of the half-width of an interval, 2 to 6; errors in the hundreds need none. */
function scoreDecimals(value: number, halfWidth: number | null): number {
  const size = Math.abs(value);
  if (size >= 1000) return 0;
  if (size >= 100) return 1;
  if (size >= 10) return 2;
  if (halfWidth && halfWidth > 0 && halfWidth < 0.0005) return 6;
  return 4;
}

/** A score alone: `0.8464`, `14.20`, `3,421`. */
export function formatScore(value: number, halfWidth: number | null = null): string {
  const decimals = scoreDecimals(value, halfWidth);
  return value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** Half the width of an interval, written in the precision that fits the score: `0.011`. */
export function formatHalfWidth(value: number, low: number, high: number): string {
  const half = Math.abs(high - low) / 2;
  const decimals = Math.max(0, scoreDecimals(value, half) - 1);
  return half.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** A score with its 95 % interval: `0.8464 ± 0.011`. */
export function formatInterval(value: number, low: number, high: number): string {
  const half = Math.abs(high - low) / 2;
  return `${formatScore(value, half)} ± ${formatHalfWidth(value, low, high)}`;
}

/** `ROC AUC`. Unknown names stand as they are. */
export function metricLabel(metric: string): string {
  return metric in metricInfo ? metricInfo[metric as MetricName].label : metric;
}

/** `ROC AUC (higher is better)`. */
export function metricWithDirection(metric: string): string {
  if (!(metric in metricInfo)) return metric;
  const info = metricInfo[metric as MetricName];
  return `${info.label} (${info.direction === 'maximize' ? 'higher' : 'lower'} is better)`;
}

/** A difference with its sign and a real minus: `+0.0073`, `−0.0020`. */
export function formatDifference(value: number): string {
  const text = formatScore(Math.abs(value));
  return `${value < 0 ? '−' : '+'}${text}`;
}

const dayMonth = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const dayMonthYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

/** The exact time in the reader's zone: `24 Nov 2026, 06:37:07`. */
export function formatExactTime(date: Date): string {
  return exact.format(date);
}

/** Relative under a day (`now`, `12 s ago`, `4 min ago`, `2 h ago`), then `yesterday`, then the date. */
export function formatRelativeTime(date: Date, now: Date): string {
  const seconds = (now.getTime() - date.getTime()) / 1000;
  const ahead = seconds < 0;
  const size = Math.abs(seconds);
  const say = (text: string) => (ahead ? `in ${text}` : `${text} ago`);
  if (size < 5) return 'now';
  if (size < 60) return say(`${Math.floor(size)} s`);
  if (size < 3600) return say(`${Math.floor(size / 60)} min`);
  if (size < 86_400) return say(`${Math.floor(size / 3600)} h`);
  if (!ahead && size < 172_800) return 'yesterday';
  return date.getFullYear() === now.getFullYear() ? dayMonth.format(date) : dayMonthYear.format(date);
}

/** A hash cut in the middle: `4f1c…a09e`. */
export function formatHash(hash: string, each = 4): string {
  return hash.length <= 2 * each + 1 ? hash : `${hash.slice(0, each)}…${hash.slice(-each)}`;
}
