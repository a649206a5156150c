/**
 * The prepared data of a search as it lies in the blob store: features, target, folds. It holds no test row, so that
 * whoever trains, a worker or somebody's tab, can be handed all of it.
 */
import type { Features, TextFeature } from '../contracts/learner.ts';
import { type PackableArray, pack, unpack } from '../math/pack.ts';
import { featureShape, type Preparation } from '../prep/preparation.ts';
import type { Table, TableColumn } from '../prep/table.ts';
import type { Fold, FoldPlan } from './folds.ts';
import type { TargetPlan } from './target.ts';

export interface Prepared {
  readonly preparation: Preparation;
  readonly target: TargetPlan;
  /** Class indices, or values in the user's units. */
  readonly targetValues: Float64Array;
  readonly features: Features;
  readonly folds: FoldPlan;
  /** Index of the class that F1 and plots speak of; binary tasks only. */
  readonly positive: number | null;
  readonly metaFeatures: Readonly<Record<string, number>>;
  /** Raw training rows for golden rows and importance, and which rows they are. */
  readonly sample: Table;
  readonly sampleRows: Int32Array;
  /** For each row its row in the training file, where only some of those are learned from; left out for all. */
  readonly fileRows?: Int32Array;
}

interface Meta {
  readonly sample: readonly { readonly name: string; readonly dictionary: readonly string[] | null }[];
  readonly preparation: Preparation;
  readonly target: TargetPlan;
  readonly rows: number;
  readonly foldKind: FoldPlan['kind'];
  readonly folds: number;
  readonly positive: number | null;
  readonly metaFeatures: Readonly<Record<string, number>>;
  /** Names of the text columns; not in what older versions prepared. */
  readonly texts?: readonly string[];
}

const textParts = ['weights', 'starts', 'terms', 'lengths', 'counted'] as const;

export function packPrepared(prepared: Prepared): Uint8Array {
  const { preparation, target, features, folds, positive, metaFeatures } = prepared;
  const meta: Meta = {
    preparation,
    target,
    rows: features.rows,
    foldKind: folds.kind,
    folds: folds.folds.length,
    positive,
    metaFeatures,
    texts: (features.texts ?? []).map((text) => text.name),
    sample: prepared.sample.columns.map((column) => ({
      name: column.name,
      dictionary: column.kind === 'string' ? column.dictionary : null,
    })),
  };
  const arrays: Record<string, PackableArray> = {
    numeric: features.numeric,
    codes: features.codes,
    target: prepared.targetValues,
    sampleRows: prepared.sampleRows,
    ...(prepared.fileRows ? { fileRows: prepared.fileRows } : {}),
  };
  prepared.sample.columns.forEach((column, j) => {
    arrays[`sample${j}`] = column.kind === 'number' ? column.values : column.codes;
  });
  features.texts?.forEach((text, j) => {
    for (const part of textParts) arrays[`${part}${j}`] = text[part];
  });
  folds.folds.forEach((fold, k) => {
    arrays[`train${k}`] = fold.train;
    arrays[`valid${k}`] = fold.valid;
  });
  return pack({ meta, arrays });
}

export function unpackPrepared(bytes: Uint8Array): Prepared {
  const { meta: raw, arrays } = unpack(bytes);
  const meta = raw as Meta;
  const folds = Array.from(
    { length: meta.folds },
    (_, k): Fold => ({
      train: arrays[`train${k}`] as Int32Array,
      valid: arrays[`valid${k}`] as Int32Array,
    }),
  );
  const texts = (meta.texts ?? []).map((name, j) => {
    const parts = textParts.map((part) => [part, arrays[`${part}${j}`]] as const);
    return { name, ...Object.fromEntries(parts) } as unknown as TextFeature;
  });
  return {
    preparation: meta.preparation,
    target: meta.target,
    targetValues: arrays.target as Float64Array,
    features: {
      rows: meta.rows,
      ...featureShape(meta.preparation),
      numeric: arrays.numeric as Float32Array,
      codes: arrays.codes as Int32Array,
      ...(texts.length > 0 ? { texts } : {}),
    },
    folds: { kind: meta.foldKind, folds },
    positive: meta.positive,
    metaFeatures: meta.metaFeatures,
    sample: {
      rows: (arrays.sampleRows as Int32Array).length,
      columns: meta.sample.map(
        ({ name, dictionary }, j): TableColumn =>
          dictionary
            ? { kind: 'string', name, dictionary, codes: arrays[`sample${j}`] as Int32Array }
            : { kind: 'number', name, values: arrays[`sample${j}`] as Float64Array },
      ),
    },
    sampleRows: arrays.sampleRows as Int32Array,
    ...(arrays.fileRows ? { fileRows: arrays.fileRows as Int32Array } : {}),
  };
}
