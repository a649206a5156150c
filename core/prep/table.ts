/** A table in memory, column by column: what reading a Parquet file gives and what preparation takes. */
export interface NumberColumn {
  readonly kind: 'number';
  readonly name: string;
  /** NaN is missing. */
  readonly values: Float64Array;
}

export interface StringColumn {
  readonly kind: 'string';
  readonly name: string;
  /** Index into `dictionary`; -1 is missing. */
  readonly codes: Int32Array;
  /** Distinct values exactly as the file has them: nothing is trimmed or re-cased. */
  readonly dictionary: readonly string[];
}

export type TableColumn = NumberColumn | StringColumn;

export interface Table {
  readonly rows: number;
  readonly columns: readonly TableColumn[];
}

/** The column with this header, or undefined. */
export function findColumn(table: Table, name: string): TableColumn | undefined {
  return table.columns.find((column) => column.name === name);
}

/** All columns by header, to look many up. */
export function columnsByName(table: Table): ReadonlyMap<string, TableColumn> {
  return new Map(table.columns.map((column) => [column.name, column]));
}

/** The table without the named columns. */
export function dropColumns(table: Table, names: ReadonlySet<string>): Table {
  return { rows: table.rows, columns: table.columns.filter((column) => !names.has(column.name)) };
}

/** The given rows in the given order; dictionaries are shared with the original. */
export function takeRows(table: Table, rows: ArrayLike<number>): Table {
  const columns = table.columns.map((column): TableColumn => {
    if (column.kind === 'number') {
      const values = new Float64Array(rows.length);
      for (let i = 0; i < rows.length; i++) values[i] = column.values[rows[i]!]!;
      return { ...column, values };
    }
    const codes = new Int32Array(rows.length);
    for (let i = 0; i < rows.length; i++) codes[i] = column.codes[rows[i]!]!;
    return { ...column, codes };
  });
  return { rows: rows.length, columns };
}

/** Builds a string column from plain values; null is missing. */
export function stringColumn(name: string, values: readonly (string | null)[]): StringColumn {
  const index = new Map<string, number>();
  const codes = new Int32Array(values.length);
  values.forEach((value, i) => {
    if (value === null) {
      codes[i] = -1;
      return;
    }
    let code = index.get(value);
    if (code === undefined) {
      code = index.size;
      index.set(value, code);
    }
    codes[i] = code;
  });
  return { kind: 'string', name, codes, dictionary: [...index.keys()] };
}

/** Builds a number column from plain values; null is missing. */
export function numberColumn(name: string, values: readonly (number | null)[]): NumberColumn {
  return { kind: 'number', name, values: Float64Array.from(values, (value) => value ?? Number.NaN) };
}

/**
 * The column read as numbers: strings are parsed, what is no number is missing. Lets a file whose column was typed
 * differently (all empty, say) be predicted all the same.
 */
export function asNumbers(column: TableColumn): Float64Array {
  if (column.kind === 'number') return column.values;
  const parsed = column.dictionary.map((text) => (text.trim() === '' ? Number.NaN : Number(text)));
  return Float64Array.from(column.codes, (code) => (code < 0 ? Number.NaN : parsed[code]!));
}

/** The column read as strings; numbers are written as JavaScript writes them, so 1 is "1". */
export function asStrings(column: TableColumn): StringColumn {
  if (column.kind === 'string') return column;
  return stringColumn(
    column.name,
    Array.from(column.values, (value) => (Number.isNaN(value) ? null : String(value))),
  );
}

/** Raw values of one row, as golden rows hold them: null is missing. */
export function rowOf(table: Table, row: number): Record<string, string | number | null> {
  return Object.fromEntries(
    table.columns.map((column) => {
      if (column.kind === 'number') {
        const value = column.values[row]!;
        return [column.name, Number.isNaN(value) ? null : value];
      }
      const code = column.codes[row]!;
      return [column.name, code < 0 ? null : column.dictionary[code]!];
    }),
  );
}
