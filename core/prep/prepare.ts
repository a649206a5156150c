/** Raw columns to features in plain TypeScript, in the same float32 arithmetic as the exported graph. */
import type { Features, TextFeature } from '../contracts/learner.ts';
import { readDates } from './date-features.ts';
import { type Bounds, featureShape, type Preparation } from './plan.ts';
import { asNumbers, asStrings, columnsByName, type StringColumn, type Table } from './table.ts';
import { findTerms } from './terms.ts';
import { countWords } from './words.ts';

/** Prepares any rows. A column that the table lacks counts as missing in every row. */
export function prepare(preparation: Preparation, table: Table): Features {
  const shape = featureShape(preparation);
  const { rows } = table;
  const numeric = new Float32Array(shape.numericNames.length * rows);
  const codes = new Int32Array(shape.categoricalNames.length * rows);
  const texts: TextFeature[] = [];
  let numericAt = 0;
  let codesAt = 0;
  const nextNumeric = () => numeric.subarray(numericAt * rows, ++numericAt * rows);
  const nextCodes = () => codes.subarray(codesAt * rows, ++codesAt * rows);
  const markers = new Set(['', ...preparation.missingMarkers]);
  const columns = columnsByName(table);
  for (const plan of preparation.columns) {
    if (plan.kind === 'unused') continue;
    const column = columns.get(plan.name);
    if (plan.kind === 'number') {
      const out = nextNumeric();
      const values = column ? asNumbers(column) : null;
      const cast = new Float32Array(rows);
      for (let i = 0; i < rows; i++) cast[i] = values ? values[i]! - plan.offset : Number.NaN;
      for (let i = 0; i < rows; i++) out[i] = clamp(cast[i]!, plan.bounds);
      if (plan.coded) codeNumbers(cast, plan.coded, nextCodes());
      continue;
    }
    const strings = column ? asStrings(column) : absent(plan.name, rows);
    if (plan.kind === 'date') {
      const parts = readDates(plan, strings.dictionary);
      plan.parts.forEach((_, j) => {
        const out = nextNumeric();
        const table = Float32Array.from(parts, (row) => clamp(row ? row[j]! : Number.NaN, plan.bounds[j]!));
        for (let i = 0; i < rows; i++) out[i] = strings.codes[i]! < 0 ? Number.NaN : table[strings.codes[i]!]!;
      });
      continue;
    }
    if (plan.categories) {
      const known = new Map(plan.categories.map((text, i) => [text, i + 2]));
      const table = strings.dictionary.map((text) => known.get(text) ?? (markers.has(text) ? 0 : 1));
      const out = nextCodes();
      for (let i = 0; i < rows; i++) out[i] = strings.codes[i]! < 0 ? 0 : table[strings.codes[i]!]!;
    }
    if (plan.terms) {
      // The column of the number of tokens comes first and stays.
      const first = numericAt + 1;
      const counted = Int32Array.from({ length: plan.words?.length ?? 0 }, (_, i) => first + i);
      texts.push(findTerms(plan.terms, strings, counted));
    }
    if (plan.words) {
      // A missing string is "" in the graph: one empty token.
      const counts = countWords(strings.dictionary, plan.words);
      for (let j = 0; j <= plan.words.length; j++) {
        const out = nextNumeric();
        for (let i = 0; i < rows; i++)
          out[i] = strings.codes[i]! < 0 ? (j === 0 ? 1 : 0) : counts[strings.codes[i]!]![j]!;
      }
    }
  }
  return { rows, ...shape, numeric, codes, ...(texts.length > 0 ? { texts } : {}) };
}

function clamp(value: number, { low, high }: Bounds): number {
  return value > high ? high : value < low ? low : value;
}

function codeNumbers(values: Float32Array, coded: readonly number[], out: Int32Array): void {
  const index = new Map(coded.map((value, i) => [value, i + 2]));
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    out[i] = Number.isNaN(value) ? 0 : (index.get(value) ?? 1);
  }
}

function absent(name: string, rows: number): StringColumn {
  return { kind: 'string', name, codes: new Int32Array(rows).fill(-1), dictionary: [] };
}
