/** Date spellings that a graph can read: the pattern guards, splitting takes the numbers. */

export interface DateShape {
  /** Order of year, month and day. */
  readonly order: 'ymd' | 'dmy' | 'mdy';
  readonly separator: '-' | '/' | '.' | ' ';
  /** What stands between date and time; null when no value has a time. */
  readonly time: ' ' | 'T' | null;
  /** The month is its English name or the beginning of it; left out where it is a number. */
  readonly named?: true;
}

const monthNames = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
] as const;

/** Every spelling of a month's name that is read, with its number: in full, three letters (`Sept` too), in three cases. */
export const monthNumbers: ReadonlyMap<string, number> = new Map(
  monthNames.flatMap((name, i) =>
    [name, name.slice(0, 3), ...(name === 'September' ? ['Sept'] : [])].flatMap((form) =>
      [form, form.toLowerCase(), form.toUpperCase()].map((spelling) => [spelling, i + 1] as const),
    ),
  ),
);
// Longer names first: a search for alternatives takes the first that fits.
const MONTH_NAME = `(?:${[...monthNumbers.keys()].toSorted((a, b) => b.length - a.length).join('|')})`;

/** Shapes with names of months, the commoner first. */
export const namedShapes: readonly DateShape[] = ([' ', '-', '/'] as const).flatMap((separator) =>
  (['dmy', 'mdy', 'ymd'] as const).flatMap((order) =>
    ([null, ' '] as const).map((time): DateShape => ({ order, separator, time, named: true })),
  ),
);

/** Whether a comma may follow the day, as in `Jan 31, 2024`. */
export const hasComma = (shape: DateShape): boolean =>
  shape.named === true && shape.order === 'mdy' && shape.separator === ' ';

const YEAR = '[0-9]{4}';
const MONTH = '(?:0?[1-9]|1[0-2])';
const DAY = '(?:0?[1-9]|[12][0-9]|3[01])';
const CLOCK = '(?:[01]?[0-9]|2[0-3]):[0-5][0-9]';
/** Fractions of a second and the zone are accepted and left out: wall time counts. */
const TAIL = ':[0-5][0-9](?:\\.[0-9]+)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?';

export interface DatePatterns {
  readonly date: string;
  readonly minutes: string;
  readonly seconds: string;
}

/** Patterns in the syntax that JavaScript and RE2 share, for full matches: date alone, with HH:MM, with HH:MM:SS. */
export function datePatterns(shape: DateShape): DatePatterns {
  const separator = shape.separator === '.' ? '\\.' : shape.separator;
  const parts = { y: YEAR, m: shape.named ? MONTH_NAME : MONTH, d: hasComma(shape) ? `${DAY},?` : DAY };
  const date = [...shape.order].map((letter) => parts[letter as 'y' | 'm' | 'd']).join(separator);
  const time = shape.time ?? ' ';
  return { date, minutes: `${date}${time}${CLOCK}`, seconds: `${date}${time}${CLOCK}${TAIL}` };
}

/** The clock fields of a date string, all integers. */
export interface DateFields {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** A reader of strings of this shape; null for strings that do not match. Same reading as the graph's. */
export function dateReader(shape: DateShape): (text: string) => DateFields | null {
  const patterns = datePatterns(shape);
  const full = (pattern: string) => new RegExp(`^(?:${pattern})$`);
  const date = full(patterns.date);
  const minutes = full(patterns.minutes);
  const seconds = full(patterns.seconds);
  return (text) => {
    const timed = shape.time !== null && (seconds.test(text) || minutes.test(text));
    if (!timed && !date.test(text)) return null;
    const [first = '', second = '', ...others] = text.split(shape.separator);
    const rest = others.join(shape.separator);
    const [third = '', time = '0:0:0'] = timed && shape.time ? rest.split(shape.time) : [rest];
    const clock = (time.split(/[Z+.-]/)[0] ?? '').split(':').map(Number);
    const tokens = {
      [shape.order[0]!]: first,
      [shape.order[1]!]: second,
      [shape.order[2]!]: third,
    } as { y: string; m: string; d: string };
    return {
      year: Number(tokens.y),
      month: shape.named ? monthNumbers.get(tokens.m)! : Number(tokens.m),
      day: Number(hasComma(shape) ? tokens.d.replace(',', '') : tokens.d),
      hour: clock[0] ?? 0,
      minute: clock[1] ?? 0,
      second: clock[2] ?? 0,
    };
  };
}

const orders = ['ymd', 'mdy', 'dmy'] as const;
const separators = ['-', '/', '.'] as const;
const times = [null, ' ', 'T'] as const;
const shapes: readonly DateShape[] = [
  ...orders.flatMap((order) => separators.flatMap((separator) => times.map((time) => ({ order, separator, time })))),
  ...namedShapes,
];

/**
 * The shape that reads most of `texts` (weighted by `counts`), or null when none reads at least 80 % of them.
 * @param hint the profile's format, e.g. `DD/MM/YYYY`: decides between day-first and month-first when both fit
 */
export function detectDateShape(
  texts: readonly string[],
  counts: readonly number[],
  hint?: string | null,
): DateShape | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const hinted = hint ? hintedOrder(hint) : null;
  let best: DateShape | null = null;
  let bestScore = 0;
  for (const shape of shapes) {
    const { order, separator } = shape;
    const read = dateReader(shape);
    let score = 0;
    texts.forEach((text, i) => {
      if (read(text)) score += counts[i]!;
    });
    // Day first is the custom with dots; the hint beats both.
    if (order === hinted) score *= 1.0002;
    else if (order === 'dmy' && separator === '.') score *= 1.0001;
    if (score > bestScore) {
      best = shape;
      bestScore = score;
    }
  }
  return bestScore >= 0.8 * total ? best : null;
}

function hintedOrder(hint: string): DateShape['order'] | null {
  const letters = hint.toLowerCase().replace(/%/g, '');
  const places = (['y', 'm', 'd'] as const).map((letter) => [letter, letters.indexOf(letter)] as const);
  if (places.some(([, place]) => place < 0)) return null;
  const order = places
    .toSorted((a, b) => a[1] - b[1])
    .map(([letter]) => letter)
    .join('');
  return orders.find((o) => o === order) ?? null;
}
