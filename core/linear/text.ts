/** Terms of texts in linear models: sparse rows in training, one weight looked up per term afterwards. */
import type { FeatureTensors, TextFeature } from '../contracts/learner.ts';
import type { GraphBuilder } from '../onnx/builder.ts';

/** Some rows of a text column. */
export interface TextBlock {
  readonly feature: TextFeature;
  readonly rows: Int32Array;
}

/** Rows have length 1, other columns deviation 1: this evens out what one penalty does to both. */
const SCALE = 20;

/** Adds w·x of every row to `out` [rows, k]; weights start at `first`. */
export function addTextMargins(block: TextBlock, w: Float64Array, first: number, k: number, out: Float64Array): void {
  const { feature, rows } = block;
  const { weights, starts, terms, lengths } = feature;
  const scaled = new Float64Array(weights.length * k);
  for (let t = 0; t < weights.length; t++) {
    for (let c = 0; c < k; c++) scaled[t * k + c] = w[first + t * k + c]! * weights[t]! * SCALE;
  }
  const sums = new Float64Array(k);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const end = starts[row + 1]!;
    sums.fill(0);
    for (let p = starts[row]!; p < end; p++) {
      const at = terms[p]! * k;
      for (let c = 0; c < k; c++) sums[c]! += scaled[at + c]!;
    }
    for (let c = 0; c < k; c++) out[i * k + c]! += sums[c]! / lengths[row]!;
  }
}

/** Adds the gradient by the weights from residuals [rows, k]. */
export function addTextGradient(
  block: TextBlock,
  residuals: Float64Array,
  into: Float64Array,
  first: number,
  k: number,
): void {
  const { feature, rows } = block;
  const { weights, starts, terms, lengths } = feature;
  const own = new Float64Array(k);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const end = starts[row + 1]!;
    for (let c = 0; c < k; c++) own[c] = residuals[i * k + c]! / lengths[row]!;
    for (let p = starts[row]!; p < end; p++) {
      const at = first + terms[p]! * k;
      for (let c = 0; c < k; c++) into[at + c]! += own[c]!;
    }
  }
  for (let t = 0; t < weights.length; t++) {
    for (let c = 0; c < k; c++) into[first + t * k + c]! *= weights[t]! * SCALE;
  }
}

/**
 * What a finished model adds per term, [terms, k]: weights with everything folded in, as multiples of a step so coarse
 * that float32 sums of hundreds of them are exact: every runtime then gets the same score, whatever order it adds in.
 */
export function termTable(feature: TextFeature, w: Float64Array, first: number, k: number): Float32Array {
  const table = Float64Array.from({ length: feature.weights.length * k }, (_, at) => {
    return w[first + at]! * feature.weights[Math.floor(at / k)]! * SCALE;
  });
  let most = 0;
  for (const value of table) most = Math.max(most, Math.abs(value));
  const step = 2 ** (Math.ceil(Math.log2(Math.max(most, 1e-30))) - 13);
  return Float32Array.from(table, (value) => Math.round(value / step) * step);
}

/** Scores of some rows by a table, row-major [rows, k], in the graph's float32 arithmetic. */
export function scoreTexts({ feature, rows }: TextBlock, table: Float32Array, k: number): Float32Array {
  const { starts, terms, lengths } = feature;
  const out = new Float32Array(rows.length * k);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    for (let c = 0; c < k; c++) {
      let sum = 0;
      for (let p = starts[row]!; p < starts[row + 1]!; p++) sum += table[terms[p]! * k + c]!;
      out[i * k + c] = Math.fround(sum) / lengths[row]!;
    }
  }
  return out;
}

/** `scoreTexts` of several tables side by side: `table` is [terms, width]; float32 [N, width]. */
export function emitTextScores(
  graph: GraphBuilder,
  text: NonNullable<FeatureTensors['texts']>[number],
  table: Float32Array,
  width: number,
): string {
  const padded = new Float32Array(table.length + width);
  padded.set(table, width);
  const looked = graph.node('Gather', [graph.float32(padded, [padded.length / width, width]), text.terms], { axis: 0 });
  const sum = graph.node('ReduceSum', [looked, graph.int64([1])], { keepdims: 0 });
  return graph.node('Div', [sum, text.lengths]);
}
