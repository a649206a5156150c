/** The typed arrays behind DuckDB's vectors; the package has them at run time but not in its types. */
import { DuckDBDoubleVector, DuckDBIntegerVector, type DuckDBVector } from '@duckdb/node-api';

function items(vector: DuckDBVector): unknown {
  return (vector as unknown as { items: unknown }).items;
}

/** Values of a DOUBLE column without missing cells. @throws TypeError for other columns */
export function doublesOf(vector: DuckDBVector): Float64Array {
  const array = vector instanceof DuckDBDoubleVector ? items(vector) : null;
  if (!(array instanceof Float64Array)) throw new TypeError('not a column of doubles');
  return array;
}

/** Values of an INTEGER column without missing cells, or null for columns of another type. */
export function integersOf(vector: DuckDBVector): Int32Array | null {
  const array = vector instanceof DuckDBIntegerVector ? items(vector) : null;
  return array instanceof Int32Array ? array : null;
}
