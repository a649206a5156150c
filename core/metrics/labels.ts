/** From probabilities to labels. */

/**
 * Index of the largest of `probabilities[row, c] * decision[c]`, the first one on ties, as ArgMax gives it.
 * Products are float32, as in the exported graph.
 */
export function decideLabels(probabilities: Float32Array, classes: number, decision?: readonly number[]): Int32Array {
  const rows = probabilities.length / classes;
  const factors = Float32Array.from({ length: classes }, (_, c) => decision?.[c] ?? 1);
  const labels = new Int32Array(rows);
  for (let i = 0; i < rows; i++) {
    let best = 0;
    let top = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < classes; c++) {
      const value = Math.fround(probabilities[i * classes + c]! * factors[c]!);
      if (value > top) {
        top = value;
        best = c;
      }
    }
    labels[i] = best;
  }
  return labels;
}
