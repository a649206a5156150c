/** From probabilities to labels. */

/** Whether a decision holds costs of [true, said] classes, not factors. */
export const holdsCosts = (decision: readonly number[], classes: number): boolean =>
  decision.length === classes * classes;

/**
 * Index of the largest of `probabilities[row, c] * decision[c]`, the first one on ties, as ArgMax gives it. Where the
 * decision holds the costs of [true, said] classes, row-major, the index of the least expected cost. Numbers are float32,
 * as in the exported graph.
 */
export function decideLabels(probabilities: Float32Array, classes: number, decision?: readonly number[]): Int32Array {
  if (decision && holdsCosts(decision, classes)) return cheapestLabels(probabilities, classes, decision);
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

function cheapestLabels(probabilities: Float32Array, classes: number, decision: readonly number[]): Int32Array {
  const costs = Float32Array.from(decision);
  return Int32Array.from({ length: probabilities.length / classes }, (_, i) => {
    let [best, least] = [0, Number.POSITIVE_INFINITY];
    for (let said = 0; said < classes; said++) {
      let cost = 0;
      for (let c = 0; c < classes; c++)
        cost = Math.fround(cost + Math.fround(probabilities[i * classes + c]! * costs[c * classes + said]!));
      if (cost < least) [best, least] = [said, cost];
    }
    return best;
  });
}
