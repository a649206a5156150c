/** Random rows and features of one tree. */
import type { Random } from '../math/random.ts';

/** Keeps each row with probability `fraction`; undefined when all are kept. Ascending. */
export function sampleRows(rows: number, fraction: number, random: Random): Int32Array | undefined {
  if (fraction >= 1) return undefined;
  const kept = new Int32Array(rows);
  const limit = fraction * 4294967296;
  let n = 0;
  for (let row = 0; row < rows; row++) {
    kept[n] = row;
    n += random.uint32() < limit ? 1 : 0;
  }
  return n >= Math.min(rows, 2) ? kept.subarray(0, n) : undefined;
}

/** The rows that an ascending sample left out. */
export function rowsLeftOut(rows: number, kept: Int32Array): Int32Array {
  const out = new Int32Array(rows - kept.length);
  let at = 0;
  let next = 0;
  for (let row = 0; row < rows; row++) {
    if (next < kept.length && kept[next] === row) next++;
    else out[at++] = row;
  }
  return out;
}

/** Trees on fewer features than this lose more than they gain in diversity (measured on tables of 5 to 13 columns). */
const FEWEST_FEATURES = 4;

/** round(fraction * features) of `features`, at least four where there are as many, ascending. */
export function sampleFeatures(features: Int32Array, fraction: number, random: Random): Int32Array {
  const wanted = Math.max(FEWEST_FEATURES, Math.round(features.length * fraction));
  if (wanted >= features.length) return features;
  return random.shuffle(features.slice()).subarray(0, wanted).slice().sort();
}
