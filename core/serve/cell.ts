/** How a text cell becomes a number, at ingest and wherever a file is predicted. */

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** Cells that mean missing in a column of numbers, dates or booleans, in lower case. In categories they stay values. */
export const missingMarkers = [
  'na',
  'n/a',
  '#n/a',
  'nan',
  '-nan',
  'null',
  'none',
  'nil',
  '?',
  '-',
  '--',
  '.',
  'inf',
  '+inf',
  '-inf',
  'infinity',
  '+infinity',
  '-infinity',
] as const;
const markers: ReadonlySet<string> = new Set(missingMarkers);

/** True for a cell that says that nothing is known. */
export const isMarker = (text: string): boolean => markers.has(text.trim().toLowerCase());

/** The number a cell holds, NaN for a missing one, or undefined when it holds something else. */
export function parseCell(raw: string | null | undefined): number | undefined {
  const text = (raw ?? '').trim();
  if (NUMBER.test(text)) return Number(text);
  return text === '' || isMarker(text) ? Number.NaN : undefined;
}
