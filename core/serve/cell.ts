/** How a text cell becomes a number. */

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const SPECIAL: ReadonlyMap<string, number> = new Map([
  ['', Number.NaN],
  ['na', Number.NaN],
  ['n/a', Number.NaN],
  ['nan', Number.NaN],
  ['null', Number.NaN],
  ['none', Number.NaN],
  ['?', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['infinity', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
  ['-infinity', Number.NEGATIVE_INFINITY],
]);

/** The number a cell holds, NaN for a missing one, or undefined when it holds something else. */
export function parseCell(raw: string | null | undefined): number | undefined {
  const text = (raw ?? '').trim();
  if (NUMBER.test(text)) return Number(text);
  return SPECIAL.get(text.toLowerCase());
}
