/** How the numbers of a column of few values stand in the file: as class labels they must come out as they went in. */
import type { ColumnProfile } from '#core/contracts/dataset.ts';
import { type Duck, wideColumns } from './duckdb.ts';
import { indexOf, inLongForm, longGroup, longRows, overValue } from './long-form.ts';

/** A column of more values than this is no column of classes. */
const mostValues = 100;
const sampleRows = (columns: number): number => (columns > wideColumns ? 150 : 500);
const group = 50;

export interface SpelledColumn {
  readonly index: number;
  /** SQL of the number in a cell. */
  readonly value: string;
}

/**
 * Reads the commonest spelling of each number (`1.0`, `+1`) in columns that hold few of them.
 * @param table table with columns c<index> of VARCHAR
 * @param rows rows of the table
 * @returns by column index: spellings by `String(number)`, only where the two differ
 */
export async function numberSpellings(
  duck: Duck,
  table: string,
  columns: readonly SpelledColumn[],
  rows: number,
): Promise<Map<number, Record<string, string>>> {
  const found = new Map<number, Record<string, string>>();
  const long = inLongForm(columns.length, rows);
  const size = long ? longGroup : group;
  for (let from = 0; from < columns.length; from += size) {
    const part = columns.slice(from, from + size);
    const texts = part.map(() => new Set<string>());
    const list = part.map(({ index }) => `trim(c${index})`).join(', ');
    for await (const chunk of duck.chunks(`SELECT ${list} FROM ${table} LIMIT ${sampleRows(columns.length)}`))
      texts.forEach((set, i) => {
        for (const cell of chunk.getColumnValues(i)) if (typeof cell === 'string') set.add(cell);
      });
    const few = part.filter((_, i) => texts[i]!.size <= mostValues && [...texts[i]!].some(isOwnSpelling));
    const spelled = long ? await ofColumns(duck, table, few) : await eachColumn(duck, table, few);
    for (const [index, pairs] of spelled) {
      const spellings = commonest(pairs);
      if (spellings) found.set(index, spellings);
    }
  }
  return found;
}

const isOwnSpelling = (text: string): boolean =>
  text !== '' && Number.isFinite(Number(text)) && String(Number(text)) !== text;

/** By column: numbers with one of their spellings, the commonest first. */
type Spelled = Map<number, (readonly [number: unknown, spelling: unknown])[]>;

async function eachColumn(duck: Duck, table: string, columns: readonly SpelledColumn[]): Promise<Spelled> {
  const found: Spelled = new Map();
  for (const { index, value } of columns) {
    const rows = await duck.rows(
      `SELECT ${value} AS number, trim(c${index}) AS spelling, count(*) AS n FROM ${table}
       WHERE number IS NOT NULL GROUP BY 1, 2 ORDER BY n DESC, spelling LIMIT ${10 * mostValues}`,
    );
    found.set(
      index,
      rows.map(([number, spelling]) => [number, spelling] as const),
    );
  }
  return found;
}

async function ofColumns(duck: Duck, table: string, columns: readonly SpelledColumn[]): Promise<Spelled> {
  const found: Spelled = new Map();
  for (const [number, part] of Map.groupBy(columns, ({ index, value }) => overValue(value, `c${index}`))) {
    const cells = longRows(
      table,
      part.map(({ index }) => index),
    );
    const rows = await duck.rows(
      `SELECT name, ${number} AS number, trim(value) AS spelling, count(*) AS n FROM ${cells} WHERE number IS NOT NULL GROUP BY 1, 2, 3
       QUALIFY row_number() OVER (PARTITION BY name ORDER BY n DESC, spelling) <= ${10 * mostValues} ORDER BY name, n DESC, spelling`,
    );
    for (const [name, value, spelling] of rows) {
      const index = indexOf(name);
      const pairs = found.get(index) ?? [];
      pairs.push([value, spelling]);
      found.set(index, pairs);
    }
  }
  return found;
}

/** The commonest spelling of each number, where that is not JavaScript's own; undefined for more numbers than classes have. */
function commonest(pairs: readonly (readonly [unknown, unknown])[]): Record<string, string> | undefined {
  const spellings = new Map<string, string>();
  for (const [number, spelling] of pairs) {
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
