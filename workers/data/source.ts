/** A table on its way in: what every format's reader hands to type inference. */
import type { Profile } from '#core/contracts/dataset.ts';
import type { ColumnPlan } from './column-plan.ts';
import { DataError } from './data-error.ts';
import type { Duck } from './duckdb.ts';

export interface Limits {
  readonly rows: number;
  readonly columns: number;
  /** Bytes of the table after unpacking. */
  readonly bytes?: number;
}

export interface SourceRequest {
  readonly duck: Duck;
  readonly path: string;
  readonly fileName: string;
  readonly limits: Limits;
  /** Columns whose type the person set. */
  readonly typed: ReadonlySet<string>;
  readonly signal?: AbortSignal | undefined;
}

export interface Source {
  /** Table `raw` in DuckDB with columns c0, c1, …; VARCHAR unless a plan is given. */
  readonly names: string[];
  readonly rows: number;
  /** Columns whose type the file itself states. */
  readonly plans: ReadonlyMap<number, ColumnPlan>;
  readonly corrections: string[];
  readonly format: Profile['format'];
  readonly decimalCommaFirst: boolean;
  /** Columns without a name in the header: left out when they are empty too. */
  readonly unnamed: ReadonlySet<number>;
  /** The line of the file that a row of `raw` begins on; null where the format has no lines. */
  locate(row: number): Promise<number | null>;
}

/** Readers and writers keep buffers per column: beyond this they need more than the memory that a worker of ordinary size has. */
const maxColumns = 12_000;

/** @throws DataError for more columns than are read here */
export function checkColumns(columns: number, { limits, fileName }: Pick<SourceRequest, 'limits' | 'fileName'>): void {
  const limit = Math.min(limits.columns, maxColumns);
  if (columns <= limit) return;
  throw new DataError({
    message: `The table has ${columns.toLocaleString('en-US')} columns; at most ${limit.toLocaleString('en-US')} are read here.`,
    file: fileName,
    fix: 'Leave out columns that no model needs.',
  });
}
