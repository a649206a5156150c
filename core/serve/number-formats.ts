/** Numbers that people write with thousands separators, decimal commas, currency or percent signs. */

export interface NumberFormat {
  /** The same syntax works in JavaScript and in RE2; it matches the whole cell. */
  readonly pattern: string;
  readonly decimal: '.' | ',';
  /** Class of the characters that a plain number does not have. */
  readonly drop: string;
  /** For the list of corrections. */
  readonly words: string;
}

const blanks = ' \u00a0\u202f';
const affixes = [
  { words: '', before: '', after: '' },
  { words: 'percent signs', before: '', after: `[${blanks}]?%` },
  { words: 'currency signs', before: `[$€£¥₹][${blanks}]?`, after: '' },
  { words: 'currency signs', before: '', after: `[${blanks}]?([$€£¥₹]|USD|EUR|GBP|CHF|SEK|JPY)` },
] as const;
const bodies = [
  { words: '', body: '(0|[1-9][0-9]*)(\\.[0-9]+)?', decimal: '.' },
  { words: 'thousands separators (,)', body: '([1-9][0-9]{0,2}(,[0-9]{3})+|0|[1-9][0-9]*)(\\.[0-9]+)?', decimal: '.' },
  { words: 'decimal commas', body: '(0|[1-9][0-9]*)(,[0-9]+)?', decimal: ',' },
  {
    words: 'thousands separators (.) and decimal commas',
    body: '([1-9][0-9]{0,2}(\\.[0-9]{3})+|0|[1-9][0-9]*)(,[0-9]+)?',
    decimal: ',',
  },
  {
    words: 'thousands separators (blank)',
    body: `([1-9][0-9]{0,2}([${blanks}][0-9]{3})+|0|[1-9][0-9]*)(\\.[0-9]+)?`,
    decimal: '.',
  },
  {
    words: 'thousands separators (blank) and decimal commas',
    body: `([1-9][0-9]{0,2}([${blanks}][0-9]{3})+|0|[1-9][0-9]*)(,[0-9]+)?`,
    decimal: ',',
  },
  {
    words: "thousands separators (')",
    body: "([1-9][0-9]{0,2}(['’][0-9]{3})+|0|[1-9][0-9]*)(\\.[0-9]+)?",
    decimal: '.',
  },
] as const;

/**
 * All formats, in the order they are tried.
 * @param decimalCommaFirst where the delimiter is no comma, `1,234` is more likely 1.234 than 1234
 */
export function numberFormats(decimalCommaFirst: boolean): NumberFormat[] {
  const ordered = decimalCommaFirst ? [bodies[0], bodies[2], bodies[3], bodies[1], ...bodies.slice(4)] : bodies;
  return ordered.flatMap(({ words, body, decimal }) =>
    affixes
      .filter((affix) => words !== '' || affix.words !== '')
      .map((affix) => ({
        // Exponents are left out: nobody writes them with separators.
        pattern: `\\s*[-+]?${affix.before}[-+]?${body}${affix.after}\\s*`,
        decimal,
        drop: `[^-+0-9${decimal}]`,
        words: [words, affix.words].filter((word) => word !== '').join(' and '),
      })),
  );
}

export type NumberReader = (cell: string) => number | undefined;

/** Reads cells of one format: the number, or undefined for whatever is not written that way. */
export function formatReader(format: NumberFormat): NumberReader {
  const whole = new RegExp(`^(?:${format.pattern})$`);
  const drop = new RegExp(format.drop, 'g');
  return (cell) => (whole.test(cell) ? Number(cell.replaceAll(drop, '').replace(',', '.')) : undefined);
}
