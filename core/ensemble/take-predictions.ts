/** The given rows, ascending, of row-major predictions; the predictions themselves where that is all of them. */
export function takePredictions(predictions: Float32Array, rows: Int32Array, classes: number): Float32Array {
  if (rows.length * classes === predictions.length) return predictions;
  const taken = new Float32Array(rows.length * classes);
  rows.forEach((row, i) => {
    taken.set(predictions.subarray(row * classes, (row + 1) * classes), i * classes);
  });
  return taken;
}
