/** What an exported graph answers, and how it is written as predictions.csv (CONTRACTS.md). */
import type { ModelMetadata } from '../contracts/result.ts';
import type { Tensor } from '../contracts/runtime.ts';

export type Predictions =
  | {
      readonly kind: 'classification';
      readonly classes: readonly string[];
      readonly labels: readonly string[];
      /** [rows, classes], row-major. */
      readonly probabilities: Float32Array;
    }
  | {
      readonly kind: 'regression';
      readonly values: Float32Array;
      /** Bounds of the model's interval, where it gives one. */
      readonly lower: Float32Array | null;
      readonly upper: Float32Array | null;
    };

function floats(outputs: Readonly<Record<string, Tensor>>, name: string): Float32Array | null {
  const tensor = outputs[name];
  if (!tensor) return null;
  if (tensor.type !== 'float32') throw new TypeError(`Output ${name} is ${tensor.type}, expected float32.`);
  return tensor.data as Float32Array;
}

/**
 * Reads the outputs of one run.
 * @throws TypeError when the graph lacks an output that its task promises
 */
export function readPredictions(
  metadata: Pick<ModelMetadata, 'task' | 'classes'>,
  outputs: Readonly<Record<string, Tensor>>,
): Predictions {
  if (metadata.task === 'regression') {
    const values = floats(outputs, 'value');
    if (!values) throw new TypeError('The model gives no output named value.');
    return { kind: 'regression', values, lower: floats(outputs, 'value_lower'), upper: floats(outputs, 'value_upper') };
  }
  const label = outputs.label;
  const probabilities = floats(outputs, 'probabilities');
  if (label?.type !== 'string' || !probabilities || !metadata.classes) {
    throw new TypeError('The model gives no outputs named label and probabilities.');
  }
  return { kind: 'classification', classes: metadata.classes, labels: label.data as readonly string[], probabilities };
}

const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/;

/** One CSV field, quoted where RFC 4180 asks for it. */
export function csvField(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The columns of predictions.csv, in order. @param bounds whether the model gives an interval */
export function predictionNames(classes: readonly string[] | null, bounds: boolean): [string, ...string[]] {
  if (classes) return ['prediction', ...classes.map((name) => `probability_${name}`)];
  return bounds ? ['prediction', 'lower', 'upper'] : ['prediction'];
}

/** The header line of predictions.csv, without a line end. */
export function predictionHeader(predictions: Predictions): string {
  const names =
    predictions.kind === 'classification'
      ? predictionNames(predictions.classes, false)
      : predictionNames(null, predictions.lower !== null && predictions.upper !== null);
  return names.map(csvField).join(',');
}

/** The lines of predictions.csv, one per row in order, each ended by a line feed. Floats round-trip as float32. */
export function predictionLines(predictions: Predictions): string {
  const lines: string[] = [];
  if (predictions.kind === 'classification') {
    const width = predictions.classes.length;
    predictions.labels.forEach((label, row) => {
      const shares = predictions.probabilities.subarray(row * width, (row + 1) * width);
      lines.push([csvField(label), ...Array.from(shares, shortFloat)].join(','));
    });
  } else {
    const { values, lower, upper } = predictions;
    values.forEach((value, row) => {
      const bounds = lower && upper ? [lower[row]!, upper[row]!] : [];
      lines.push([value, ...bounds].map(shortFloat).join(','));
    });
  }
  return lines.map((line) => `${line}\n`).join('');
}

/** The shortest decimal of at most nine digits that reads back as the same float32. */
export function shortFloat(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === Math.fround(value)) return String(text);
  }
  return String(Number(value.toPrecision(9)));
}
