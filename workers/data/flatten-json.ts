/** One JSON object as the cells of a row. */
import { DataError } from './data-error.ts';

export interface Flat {
  readonly values: Record<string, string | null>;
  /** Values that lost characters which no table can hold. */
  readonly cleaned: number;
  /** Keys that hold lists. */
  readonly lists: readonly string[];
}

/** Deeper objects are kept as JSON text. */
const maxDepth = 3;
const longInteger = /\d{16}/;

/**
 * Objects inside become `parent.child`; lists become JSON text; `true` and `null` become `true` and missing.
 * @param place what `at` counts, for messages
 * @throws DataError when the text is no JSON object
 */
export function flattenRecord(text: string, at: number, fileName: string, place: 'line' | 'item' = 'line'): Flat {
  let parsed: unknown;
  try {
    // Numbers of 16 digits and more keep their digits, which a double would round.
    parsed = longInteger.test(text)
      ? JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
          typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '')
            ? context?.source
            : value,
        )
      : JSON.parse(text);
  } catch (error) {
    throw new DataError({
      message: `${place === 'line' ? 'Line' : 'Item'} ${at} is no valid JSON: ${reason(error)}.`,
      file: fileName,
      line: at,
      value: text,
      fix: 'Write one complete JSON object per line.',
    });
  }
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed))
    throw new DataError({
      message: `${place === 'line' ? 'Line' : 'Item'} ${at} is no JSON object.`,
      file: fileName,
      line: at,
      value: text,
      fix: 'Write one JSON object per line, such as {"age": 31, "city": "Oslo"}.',
    });
  const values: Record<string, string | null> = Object.create(null);
  const lists: string[] = [];
  let cleaned = 0;
  const keep = (value: string): string => {
    const kept = clean(value);
    if (kept !== value) cleaned++;
    return kept;
  };
  const walk = (object: object, prefix: string, depth: number) => {
    for (const [key, value] of Object.entries(object)) {
      const name = prefix + clean(key);
      if (value === null) values[name] = null;
      else if (typeof value !== 'object') values[name] = keep(String(value));
      else if (Array.isArray(value) || depth >= maxDepth) {
        values[name] = keep(JSON.stringify(value));
        lists.push(name);
      } else if (Object.keys(value).length === 0) values[name] = null;
      else walk(value, `${name}.`, depth + 1);
    }
  };
  walk(parsed, '', 1);
  return { values, lists, cleaned };
}

/** The database takes neither NUL nor half of a surrogate pair. */
const clean = (text: string): string => text.replaceAll('\u0000', '').toWellFormed();

function reason(error: unknown): string {
  return (error as Error).message
    .replace(/,? ?\.\.\.".*$|, ".*" is not valid JSON$/s, '')
    .replace(/ in JSON at position \d+.*$/s, '');
}
