/** Piecewise-linear encoding (Gorishniy, Rubachev and Babenko 2022, arXiv 2203.05556): where the pieces of a column lie. */

/**
 * Edges of at most `pieces` pieces of a sorted column, rising strictly. A value that fills a piece by itself is an edge;
 * the others are cut into pieces of equal counts, so that the sparse part of a column that is mostly one value is
 * resolved as well.
 */
export function pieceEdges(sorted: Float32Array, pieces: number): number[] {
  const values: number[] = [];
  const counts: number[] = [];
  for (const v of sorted) {
    if (v === values.at(-1)) counts[counts.length - 1]!++;
    else {
      values.push(v);
      counts.push(1);
    }
  }
  if (values.length <= pieces + 1) return values;
  const heavy = sorted.length / pieces;
  const big = counts.filter((c) => c > heavy);
  const rest = sorted.length - big.reduce((a, b) => a + b, 0);
  const share = rest / Math.max(1, pieces - big.length);
  const edges = new Set([values[0]!, values.at(-1)!]);
  let filled = 0;
  values.forEach((v, i) => {
    if (counts[i]! > heavy) edges.add(v);
    else {
      filled += counts[i]!;
      if (filled < share) return;
      edges.add(v);
      filled = 0;
    }
  });
  return [...edges].sort((a, b) => a - b);
}
