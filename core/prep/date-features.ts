/** Calendar arithmetic on integers, the same in TypeScript and in the graph. */
import type { GraphBuilder } from '../onnx/builder.ts';
import { type DateFields, type DateShape, datePatterns, dateReader, hasComma, monthNumbers } from './date-shape.ts';
import type { DatePart, DatePlan } from './plan.ts';

/**
 * Days since 1970-01-01 in the proleptic Gregorian calendar for years >= 0, after Howard Hinnant's
 * days_from_civil (https://howardhinnant.github.io/date_algorithms.html). A 30 February becomes 1 or 2 March.
 */
export function daysFromCivil(year: number, month: number, day: number): number {
  const early = month <= 2 ? 1 : 0;
  const y = year - early;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month - 3 + 12 * early) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146097 + dayOfEra - 719468;
}

/** One numeric feature of a date, in float32 arithmetic. */
export function datePart(fields: DateFields, part: DatePart, origin: number): number {
  const days = daysFromCivil(fields.year, fields.month, fields.day);
  switch (part) {
    case 'year':
      return fields.year;
    case 'month':
      return fields.month;
    case 'day':
      return fields.day;
    case 'weekday':
      // 1970-01-01 was a Thursday; Monday is 0. The multiple of 7 keeps the dividend positive back to year 0.
      return (days + 3 + 7 * 200_000) % 7;
    case 'yearday':
      return days - daysFromCivil(fields.year, 1, 1) + 1;
    case 'hour':
      return fields.hour;
    case 'minute':
      return fields.minute;
    case 'elapsed': {
      const seconds = fields.hour * 3600 + fields.minute * 60 + fields.second;
      return Math.fround(Math.fround(days - origin) + Math.fround(seconds * Math.fround(1 / 86400)));
    }
  }
}

/** Reads the dictionary of a date column: for each text the features of `plan.parts`, or null when it is no date. */
export function readDates(
  plan: Pick<DatePlan, 'shape' | 'parts' | 'origin'>,
  texts: readonly string[],
): (number[] | null)[] {
  const read = dateReader(plan.shape);
  return texts.map((text) => {
    const fields = read(text);
    return fields ? plan.parts.map((part) => datePart(fields, part, plan.origin)) : null;
  });
}

/**
 * Adds the nodes that turn the string input [N, 1] into the features [N, parts]; NaN where the string is no date of
 * this shape. No string can make a node fail: what does not match is replaced before it is split and cast.
 */
export function emitDates(graph: GraphBuilder, plan: DatePlan, input: string): string {
  const { shape } = plan;
  const flat = graph.node('Reshape', [input, graph.int64([-1])]);
  const { text, valid } = guarded(graph, shape, flat);
  const split = (value: string, delimiter: string, maxsplit?: number) =>
    graph.node('StringSplit', [value], maxsplit ? { delimiter, maxsplit } : { delimiter }, { outputs: 2 })[0]!;
  const pick = (parts: string, i: number) => graph.node('Gather', [parts, graph.int64(i)], { axis: 1 });
  const integer = (value: string) => graph.node('Cast', [value], { to: 7 });
  const c = (value: number) => graph.int64(value);
  const op = (name: string, a: string, b: string) => graph.node(name, [a, b]);

  const tokens = split(text, shape.separator, 2);
  let last = pick(tokens, 2);
  let clock: readonly string[] = [c(0), c(0), c(0)];
  if (shape.time) {
    const pair = split(last, shape.time);
    last = pick(pair, 0);
    let time = pick(pair, 1);
    for (const delimiter of ['Z', '+', '-', '.']) time = pick(split(time, delimiter), 0);
    const pieces = split(time, ':');
    clock = [0, 1, 2].map((i) => integer(pick(pieces, i)));
  }
  const numbers: Record<string, string> = {};
  [pick(tokens, 0), pick(tokens, 1), last].forEach((token, i) => {
    const part = shape.order[i]!;
    if (part === 'm' && shape.named) numbers[part] = monthOfName(graph, token);
    else numbers[part] = integer(part === 'd' && hasComma(shape) ? pick(split(token, ','), 0) : token);
  });
  const { y, m, d } = numbers as { y: string; m: string; d: string };
  const days = civilDays(graph, y, m, d);
  const [hour, minute, second] = clock as [string, string, string];
  const real = (value: string) => graph.node('Cast', [value], { to: 1 });
  const parts: Record<DatePart, () => string> = {
    year: () => real(y),
    month: () => real(m),
    day: () => real(d),
    weekday: () => real(op('Mod', op('Add', days, c(3 + 7 * 200_000)), c(7))),
    yearday: () => real(op('Add', op('Sub', days, civilDays(graph, y, c(1), c(1))), c(1))),
    hour: () => real(hour),
    minute: () => real(minute),
    elapsed: () => {
      const seconds = op('Add', op('Add', op('Mul', hour, c(3600)), op('Mul', minute, c(60))), second);
      const fraction = op('Mul', real(seconds), graph.float32(1 / 86400));
      return op('Add', real(op('Sub', days, c(plan.origin))), fraction);
    },
  };
  const columns = plan.parts.map((part) => {
    const safe = graph.node('Where', [valid, parts[part](), graph.float32(Number.NaN)]);
    return graph.node('Reshape', [safe, graph.int64([-1, 1])]);
  });
  return columns.length === 1 ? columns[0]! : graph.node('Concat', columns, { axis: 1 });
}

/** Number of a month by its name, int64. */
function monthOfName(graph: GraphBuilder, name: string): string {
  const attributes = {
    keys_strings: [...monthNumbers.keys()],
    values_int64s: [...monthNumbers.values()],
    default_int64: 1,
  };
  return graph.node('LabelEncoder', [name], attributes, { domain: 'ai.onnx.ml' });
}

/** The strings with everything that is no date replaced by one that is, and which rows were dates. */
function guarded(graph: GraphBuilder, shape: DateShape, flat: string): { text: string; valid: string } {
  const patterns = datePatterns(shape);
  const match = (pattern: string) => graph.node('RegexFullMatch', [flat], { pattern });
  const year = { y: '1970', m: shape.named ? 'Jan' : '01', d: '01' };
  const neutral = [...shape.order].map((letter) => year[letter as 'y' | 'm' | 'd']).join(shape.separator);
  const dated = match(patterns.date);
  if (!shape.time) {
    return { text: graph.node('Where', [dated, flat, graph.strings([neutral])]), valid: dated };
  }
  const append = (suffix: string) => graph.node('StringConcat', [flat, graph.strings([suffix])]);
  const minutes = match(patterns.minutes);
  const seconds = match(patterns.seconds);
  const midnight = `${shape.time}00:00:00`;
  let text = graph.node('Where', [dated, append(midnight), graph.strings([neutral + midnight])]);
  text = graph.node('Where', [minutes, append(':00'), text]);
  text = graph.node('Where', [seconds, flat, text]);
  const valid = graph.node('Or', [graph.node('Or', [dated, minutes]), seconds]);
  return { text, valid };
}

/** `daysFromCivil` on int64 tensors. Every dividend is >= 0, so truncation is the floor. */
function civilDays(graph: GraphBuilder, year: string, month: string, day: string): string {
  const c = (value: number) => graph.int64(value);
  const op = (name: string, a: string, b: string) => graph.node(name, [a, b]);
  const early = graph.node('Cast', [op('LessOrEqual', month, c(2))], { to: 7 });
  // Era arithmetic is shifted by 400 years so that January of year 0 stays positive.
  const y = op('Add', op('Sub', year, early), c(400));
  const era = op('Div', y, c(400));
  const yearOfEra = op('Sub', y, op('Mul', era, c(400)));
  const shifted = op('Add', op('Sub', month, c(3)), op('Mul', early, c(12)));
  const dayOfYear = op('Sub', op('Add', op('Div', op('Add', op('Mul', shifted, c(153)), c(2)), c(5)), day), c(1));
  const leap = op('Sub', op('Div', yearOfEra, c(4)), op('Div', yearOfEra, c(100)));
  const dayOfEra = op('Add', op('Add', op('Mul', yearOfEra, c(365)), leap), dayOfYear);
  return op('Add', op('Mul', op('Sub', era, c(1)), c(146_097)), op('Sub', dayOfEra, c(719_468)));
}
