/** Prepares one fold for the trees: binned training and validation tables and the fold's statistics. */
import type { Features, Target } from '../../contracts/learner.ts';
import { scoreTexts } from '../../linear/text.ts';
import { binColumn } from '../../trees/binning.ts';
import { type BinnedFeature, type BinnedTable, nominalFeature, orderedFeature } from '../../trees/table.ts';
import {
  chooseColumns,
  codesOf,
  type ModelColumn,
  numbersOf,
  type StatisticTable,
  statisticTable,
  trainingStatistics,
} from './columns.ts';
import { choosePairs, pairValues } from './pairs.ts';
import { textScoresOf, textSlots } from './text-scores.ts';

/** Bins of a statistic: the noise of ordered statistics makes finer cuts pointless and slow. */
const STATISTIC_BINS = 32;
const TEXT_BINS = 64;
const PAIR_BINS = 128;

/** Fewer rows need fewer bins: measured as good as 255 below 5,000 rows, and scans are what costs time there. */
function binsFor(rows: number, most: number): number {
  return Math.min(most, Math.max(64, Math.round(2 * Math.sqrt(rows))));
}

export interface FoldTables {
  readonly columns: readonly ModelColumn[];
  readonly train: BinnedTable;
  readonly valid: BinnedTable;
  /** By categorical column; only columns with statistics. */
  readonly tables: ReadonlyMap<number, StatisticTable>;
  /** By text column: what `scoreTexts` takes. */
  readonly texts: readonly Float32Array[];
}

/**
 * @param options.seed of the permutation behind the training statistics
 * @param rest awaited between columns
 */
export async function prepareFold(
  features: Features,
  target: Target,
  trainRows: Int32Array,
  validRows: Int32Array,
  options: { bins: number; oneHotLimit: number; seed: number; pairs?: number },
  rest: () => Promise<void>,
): Promise<FoldTables> {
  const columns = chooseColumns(features, target, options.oneHotLimit);
  const n = trainRows.length;
  const bins = binsFor(trainRows.length, options.bins);
  const binned: BinnedFeature[] = [];
  const train: Uint8Array[] = [];
  const valid: Uint8Array[] = [];
  const tables = new Map<number, StatisticTable>();
  const texts: Float32Array[] = [];
  let c = 0;
  while (c < columns.length) {
    const column = columns[c]!;
    await rest();
    if (column.kind === 'numeric' || column.kind === 'pair') {
      const valuesOf = (rows: Int32Array) =>
        column.kind === 'pair' ? pairValues(features, column, rows) : numbersOf(features, column.index, rows);
      const values = valuesOf(trainRows);
      const feature = orderedFeature(values, column.kind === 'pair' ? Math.min(bins, PAIR_BINS) : bins);
      const direction = column.kind === 'numeric' && features.directions?.[column.index];
      binned.push(direction ? { ...feature, direction } : feature);
      train.push(binColumn(values, feature.thresholds));
      valid.push(binColumn(valuesOf(validRows), feature.thresholds));
      c++;
    } else if (column.kind === 'code') {
      binned.push(nominalFeature(features.cardinalities[column.index]!));
      train.push(Uint8Array.from(codesOf(features, column.index, trainRows)));
      valid.push(Uint8Array.from(codesOf(features, column.index, validRows)));
      c++;
    } else if (column.kind === 'text') {
      const { own, table } = await textScoresOf(features.texts![column.index]!, target, trainRows, rest);
      texts.push(table);
      const made = own.map((values) => orderedFeature(values, Math.min(bins, TEXT_BINS)));
      binned.push(...made);
      train.push(...own.map((values, slot) => binColumn(values, made[slot]!.thresholds)));
      const scored = textColumns(features, column.index, table, textSlots(target), validRows);
      valid.push(...scored.map((values, slot) => binColumn(values, made[slot]!.thresholds)));
      c += own.length;
    } else {
      const table = statisticTable(features, column.index, target, trainRows);
      tables.set(column.index, table);
      const seed = options.seed + 7919 * (column.index + 1);
      const own = trainingStatistics(features, column.index, target, trainRows, seed);
      const made = own.map((values) => orderedFeature(values, Math.min(bins, STATISTIC_BINS)));
      binned.push(...made);
      train.push(...own.map((values, slot) => binColumn(values, made[slot]!.thresholds)));
      const lookedUp = lookUp(table, codesOf(features, column.index, validRows));
      valid.push(...lookedUp.map((values, slot) => binColumn(values, made[slot]!.thresholds)));
      c += table.slots;
    }
    if (c === columns.length && options.pairs && columns[c - 1]!.kind !== 'pair') {
      const table = { rows: n, features: binned, columns: train };
      columns.push(...(await choosePairs(table, columns, features, target, trainRows, options.pairs, rest)));
    }
  }
  return {
    columns,
    tables,
    texts,
    train: { rows: n, features: binned, columns: train },
    valid: { rows: validRows.length, features: binned, columns: valid },
  };
}

/** Statistics of codes: one column per slot. */
export function lookUp(table: StatisticTable, codes: Int32Array): Float32Array[] {
  return Array.from({ length: table.slots }, (_, slot) =>
    Float32Array.from(codes, (code) => table.values[code * table.slots + slot]!),
  );
}

/** Scores of a text column: one column per slot. */
function textColumns(
  features: Pick<Features, 'texts'>,
  index: number,
  table: Float32Array,
  slots: number,
  rows: Int32Array,
): Float32Array[] {
  const scores = scoreTexts({ feature: features.texts![index]!, rows }, table, slots);
  return Array.from({ length: slots }, (_, slot) => Float32Array.from(rows, (_, i) => scores[i * slots + slot]!));
}

/** The float32 columns that finished trees read, at the given rows. */
export function predictionColumns(
  features: Features,
  { columns, tables, texts }: Pick<FoldTables, 'columns' | 'tables' | 'texts'>,
  rows: Int32Array,
): Float32Array[] {
  const looked = new Map<number, Float32Array[]>();
  const scored = new Map<number, Float32Array[]>();
  return columns.map((column) => {
    if (column.kind === 'numeric') return numbersOf(features, column.index, rows);
    if (column.kind === 'pair') return pairValues(features, column, rows);
    if (column.kind === 'text') {
      let scores = scored.get(column.index);
      if (!scores) {
        const table = texts[column.index]!;
        const slots = table.length / features.texts![column.index]!.weights.length;
        scores = textColumns(features, column.index, table, slots, rows);
        scored.set(column.index, scores);
      }
      return scores[column.slot]!;
    }
    const codes = codesOf(features, column.index, rows);
    if (column.kind === 'code') return Float32Array.from(codes);
    let statistics = looked.get(column.index);
    if (!statistics) {
      statistics = lookUp(tables.get(column.index)!, codes);
      looked.set(column.index, statistics);
    }
    return statistics[column.slot]!;
  });
}
