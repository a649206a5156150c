/** How long a bag of networks trains: counts of operations with constants measured on one core (AVX2, onnxruntime 1.30). */
import { networksCached } from './cached.ts';
import { batchRows, type FlatDesign, readMlpDesign } from './design.ts';
import { EMBEDDING, FREQUENCIES, MIXED } from './network.ts';
import { piecesPerColumn } from './preparation.ts';

const PREPARATION = 0.05;
/** Seconds of compiling the programs of a group of folds, and per weight. */
const [PROGRAM, PER_WEIGHT] = [0.03, 5e-7];
/** Of a step: whatever it holds, per multiplication of a product, per number of the layers, of the weights and of the cosines. */
const [STEP, MULTIPLY, ACTIVATE, UPDATE, COSINE] = [6e-5, 2.8e-11, 6e-9, 2e-9, 1e-8];
/** Looks at the validation rows. */
const LOOKS = 1.25;

export interface BagFacts {
  /** Rows that a fold trains on. */
  readonly rows: number;
  readonly folds: number;
  readonly numericColumns: number;
  readonly categoricalColumns: number;
  /** Numbers predicted per row. */
  readonly outputs: number;
}

/** Seconds on one core, all folds together. */
export function bagSeconds(flat: FlatDesign, facts: BagFacts): number {
  const design = readMlpDesign(flat);
  const { width, layers, epochs, seeds, numericEmbedding } = design;
  const { rows, folds, numericColumns, categoricalColumns } = facts;
  const pieces = numericEmbedding === 'ple' ? Math.min(rows, piecesPerColumn(facts.numericColumns, rows)) : 0;
  const perNumber = 1 + (numericEmbedding === 'pbld' ? MIXED : pieces);
  const inputs = numericColumns * perNumber + categoricalColumns * EMBEDDING;
  const weights = inputs * width + (layers - 1) * width * width + width * facts.outputs;
  const cosines = numericEmbedding === 'pbld' ? FREQUENCIES * numericColumns : 0;
  const batch = batchRows(design, rows);
  const groups = folds / Math.min(folds, Math.max(1, networksCached({ batch, width, weights, cosines }) / seeds));
  const steps = epochs * Math.max(1, Math.floor(rows / batch));
  const numbers = batch * (3 * weights * MULTIPLY + width * layers * ACTIVATE + cosines * COSINE) + weights * UPDATE;
  const training = steps * (groups * STEP + folds * seeds * numbers);
  return PREPARATION + groups * (PROGRAM + PER_WEIGHT * weights) + LOOKS * training;
}
