/** Rows that a version of a table leaves out of its file: lists of row numbers of the file, ascending from 0. */

/** Where `row` of the version stands in the file. */
export function fileRow(excluded: readonly number[], row: number): number {
  let at = row;
  for (const gone of excluded) {
    if (gone > at) break;
    at++;
  }
  return at;
}

/**
 * What is left out once more rows go.
 * @param before left out already
 * @param chosen rows of the version, ascending
 */
export function joinExcluded(before: readonly number[], chosen: readonly number[]): number[] {
  const joined = [...before];
  let skipped = 0;
  for (const row of chosen) {
    // Each row left out before that lies at or above pushes the row further down the file.
    while (skipped < before.length && before[skipped]! <= row + skipped) skipped++;
    joined.push(row + skipped);
  }
  return joined.sort((a, b) => a - b);
}
