/** How the numbers of a column of few values stand in the file: as class labels they must come out as they went in. */
import type { ColumnProfile } from '#core/contracts/dataset.ts';
import type { Duck } from './duckdb.ts';

/** A column of more values than this is no column of classes. */
const mostValues = 100;
const sampleRows = 500;
const group = 50;

export interface SpelledColumn {
  readonly index: number;
  /** SQL of the number in a cell. */
  readonly value: string;
}

/**
 * Reads the commonest spelling of each number (`1.0`, `+1`) in columns that hold few of them.
 * @param table table with columns c<index> of VARCHAR
 * @returns by column index: spellings by `String(number)`, only where the two differ
 */
export async function numberSpellings(
  duck: Duck,
  table: string,
  columns: readonly SpelledColumn[],
): Promise<Map<number, Record<string, string>>> {
  const found = new Map<number, Record<string, string>>();
  for (let from = 0; from < columns.length; from += group) {
    const part = columns.slice(from, from + group);
    const rows = await duck.rows(
      `SELECT ${part.map(({ index }) => `trim(c${index})`).join(', ')} FROM ${table} LIMIT ${sampleRows}`,
    );
    for (const [i, column] of part.entries()) {
      const texts = new Set(rows.flatMap((row) => (typeof row[i] === 'string' ? [row[i]] : [])));
      if (texts.size > mostValues || ![...texts].some(isOwnSpelling)) continue;
      const spellings = await ofColumn(duck, table, column);
      if (spellings) found.set(column.index, spellings);
    }
  }
  return found;
}

const isOwnSpelling = (text: string): boolean =>
  text !== '' && Number.isFinite(Number(text)) && String(Number(text)) !== text;

async function ofColumn(
  duck: Duck,
  table: string,
  { index, value }: SpelledColumn,
): Promise<Record<string, string> | undefined> {
  const rows = await duck.rows(
    `SELECT ${value} AS value, trim(c${index}) AS spelling, count(*) AS n FROM ${table}
     WHERE value IS NOT NULL GROUP BY 1, 2 ORDER BY n DESC, spelling LIMIT ${10 * mostValues}`,
  );
  const spellings = new Map<string, string>();
  for (const [number, spelling] of rows) {
    const key = String(Number(number));
    if (!spellings.has(key)) spellings.set(key, String(spelling));
  }
  if (spellings.size > mostValues) return;
  const own = [...spellings].filter(([, spelling]) => isOwnSpelling(spelling));
  return own.length > 0 ? Object.fromEntries(own) : undefined;
}

/** The profile with its commonest values spelled as in the file. */
export function withSpellings(column: ColumnProfile, spellings: Record<string, string> | undefined): ColumnProfile {
  if (!spellings) return column;
  const top = column.top.map((one) => ({ ...one, value: spellings[one.value] ?? one.value }));
  return { ...column, top, spellings };
}
