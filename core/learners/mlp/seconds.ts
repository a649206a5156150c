/** How long a bag of networks trains: counts of operations with constants measured on one core (AVX2, onnxruntime 1.30). */
import { networksCached } from './cached.ts';
import { COLUMN_WIDTH } from './column-embedding.ts';
import { batchRows, ensembleOf, type FlatDesign, type MlpDesign, readMlpDesign } from './design.ts';
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

/** Passes over a layer's numbers that a block of residual layers makes for one of a plain layer, and the layers around them. */
const [BLOCK_PASSES, FRAME_PASSES] = [2, 1];

/** What one row takes in training, and what there is to update, of one network. */
interface NetworkCost {
  /** Multiplications of products, forward. */
  readonly products: number;
  /** Numbers of hidden layers. */
  readonly numbers: number;
  readonly weights: number;
}

function networkCost(design: MlpDesign, facts: BagFacts): NetworkCost {
  const { width, layers, numericEmbedding, architecture } = design;
  const { rows, numericColumns, categoricalColumns, outputs } = facts;
  const pieces = numericEmbedding === 'ple' ? Math.min(rows, piecesPerColumn(numericColumns, rows)) : 0;
  const perNumber = 1 + (numericEmbedding === 'pbld' ? MIXED : pieces);
  const [numbers, categories] = [numericColumns * perNumber, categoricalColumns * EMBEDDING];
  const inputs = numbers + categories;
  if (architecture === 'residual') {
    const weights = inputs * width + 2 * layers * width * width + width * outputs;
    return { products: weights, numbers: width * (BLOCK_PASSES * layers + FRAME_PASSES), weights };
  }
  const hidden = (layers - 1) * width * width;
  if (architecture !== 'tabm') {
    const weights = inputs * width + hidden + width * outputs;
    return { products: weights, numbers: width * layers, weights };
  }
  // Columns are embedded once for all members.
  const columns = pieces > 0 ? numericColumns * COLUMN_WIDTH : numbers;
  const read = columns + categories;
  return {
    products: (pieces > 0 ? numbers * columns : 0) + design.ensemble * (read * width + hidden + width * outputs),
    numbers: design.ensemble * (width * layers + read),
    weights:
      pieces * numericColumns * COLUMN_WIDTH + read * width + hidden + design.ensemble * (read + width * outputs),
  };
}

/** Seconds on one core, all folds together. */
export function bagSeconds(flat: FlatDesign, facts: BagFacts): number {
  const design = readMlpDesign(flat);
  const { epochs, seeds, numericEmbedding } = design;
  const { rows, folds, numericColumns } = facts;
  const { products, numbers, weights } = networkCost(design, facts);
  const cosines = numericEmbedding === 'pbld' ? FREQUENCIES * numericColumns : 0;
  const batch = batchRows(design, rows);
  const width = design.width * ensembleOf(design);
  const groups = folds / Math.min(folds, Math.max(1, networksCached({ batch, width, weights, cosines }) / seeds));
  const steps = epochs * Math.max(1, Math.floor(rows / batch));
  const step = batch * (3 * products * MULTIPLY + numbers * ACTIVATE + cosines * COSINE) + weights * UPDATE;
  const training = steps * (groups * STEP + folds * seeds * step);
  return PREPARATION + groups * (PROGRAM + PER_WEIGHT * weights) + LOOKS * training;
}
