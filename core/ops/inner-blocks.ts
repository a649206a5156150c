/**
 * How onnxruntime's kernel cuts the inner sum of a product, whose parts it rounds one by one. The cut depends on the number of
 * columns, and threads share out columns where there are more of them than rows: then the bits depend on the threads.
 */
const LONGEST = 128;
/** Columns are shared out in groups of as many. */
const GROUP = 16;

/** Inner elements that one part has on one thread: 128, doubled while the columns fill at most half of a panel of 128. */
export function partOf(columns: number): number {
  let part = LONGEST;
  for (let panel = LONGEST; panel > GROUP && panel / 2 >= columns; panel /= 2) part *= 2;
  return part;
}

/**
 * Into how long parts a product [rows, inner]·[inner, columns] must be cut to have the bits of one thread on `threads` of
 * them; null where it has them uncut.
 */
export function innerPart(rows: number, inner: number, columns: number, threads: number): number | null {
  if (threads === 1 || rows === 1 || rows >= columns) return null;
  const part = partOf(columns);
  const share = Math.max(1, Math.floor(Math.ceil(columns / GROUP) / threads)) * GROUP;
  return inner > part && partOf(share) !== part ? part : null;
}
