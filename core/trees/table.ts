/** The binned training table that growers read: one byte per cell, column by column. */
import { binColumn, findThresholds, MAX_BINS } from './binning.ts';

export interface BinnedFeature {
  /** Ordered features are split by `value <= threshold`, nominal ones (codes from 0) by `code == k`. */
  readonly kind: 'ordered' | 'nominal';
  /** Bins that hold values. Bin number `bins` holds missing values of ordered features. */
  readonly bins: number;
  /** Upper ends of all bins but the last; empty for nominal features. */
  readonly thresholds: Float32Array;
  /** Scores may only rise (1) or only fall (-1) along this ordered feature; left out where they may do either. */
  readonly direction?: 1 | -1;
}

/** Whether scores are bound to a direction along some feature. */
export const isDirected = ({ features }: Pick<BinnedTable, 'features'>): boolean =>
  features.some(({ direction }) => direction !== undefined);

export interface BinnedTable {
  readonly rows: number;
  readonly features: readonly BinnedFeature[];
  /** `columns[f][row]`: bin of feature f. */
  readonly columns: readonly Uint8Array[];
}

/** Chooses bins for an ordered column from `rows` (all when undefined). */
export function orderedFeature(values: Float32Array, maxBins: number, rows?: Int32Array): BinnedFeature {
  const thresholds = findThresholds(values, rows, maxBins);
  return { kind: 'ordered', bins: thresholds.length + 1, thresholds };
}

/** A feature of codes 0..cardinality-1; at most 255 of them. */
export function nominalFeature(cardinality: number): BinnedFeature {
  if (cardinality > MAX_BINS) throw new RangeError(`A nominal feature holds at most ${MAX_BINS} codes.`);
  return { kind: 'nominal', bins: cardinality, thresholds: new Float32Array(0) };
}

/** Bins float32 columns (NaN missing) on their own values. Convenience for callers without categories or folds. */
export function binTable(columns: readonly Float32Array[], maxBins = MAX_BINS): BinnedTable {
  const features = columns.map((values) => orderedFeature(values, maxBins));
  return {
    rows: columns[0]?.length ?? 0,
    features,
    columns: columns.map((values, f) => binColumn(values, features[f]!.thresholds)),
  };
}

/** Bins new rows with the thresholds of an existing table. */
export function binLike(features: readonly BinnedFeature[], columns: readonly Float32Array[]): BinnedTable {
  return {
    rows: columns[0]?.length ?? 0,
    features,
    columns: columns.map((values, f) =>
      features[f]!.kind === 'nominal' ? Uint8Array.from(values) : binColumn(values, features[f]!.thresholds),
    ),
  };
}
