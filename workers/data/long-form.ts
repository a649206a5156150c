/**
 * Wide tables in long form: one row (name, value) for each filled cell, aggregated by name. One expression then serves
 * hundreds of columns, where an expression per column costs the planner more than the data are worth.
 */
import type { Duck } from './duckdb.ts';

/** Tables with more columns than this are looked at in long form. */
const narrow = 300;
/** Beyond so many rows the cells are the cost, not the plan, and a column at a time is the faster way. */
const manyRows = 100_000;
/** Columns of one statement. */
export const longGroup = 500;

export const inLongForm = (columns: number, rows: number): boolean => columns > narrow && rows <= manyRows;

/** The same SQL over `value` instead of the column `c`. */
export const overValue = (sql: string, c: string): string => sql.replace(new RegExp(`\\b${c}\\b`, 'g'), 'value');

/**
 * SQL of the rows (name, value) of some columns.
 * @param source table with columns c<index>
 * @param indices columns of one SQL type
 */
export function longRows(source: string, indices: readonly number[]): string {
  const list = indices.map((index) => `c${index}`).join(', ');
  return `(UNPIVOT (SELECT ${list} FROM ${source}) ON COLUMNS(*) INTO NAME name VALUE value)`;
}

/**
 * Aggregates of many columns.
 * @param aggregates SQL over `value`
 * @returns by column index; columns without any filled cell are not in it
 */
export async function aggregateLong(
  duck: Duck,
  source: string,
  indices: readonly number[],
  aggregates: string,
): Promise<Map<number, unknown[]>> {
  const found = new Map<number, unknown[]>();
  for (let from = 0; from < indices.length; from += longGroup) {
    const part = indices.slice(from, from + longGroup);
    const rows = await duck.rows(`SELECT name, ${aggregates} FROM ${longRows(source, part)} GROUP BY name`);
    for (const [name, ...values] of rows) found.set(indexOf(name), values);
  }
  return found;
}

/** Index of the column that `name` of a long row stands for. */
export const indexOf = (name: unknown): number => Number(String(name).slice(1));
