/** Some columns of a prepared table: chosen by their associations, taken out, and taken out in a graph. */
import type { Features, FeatureTensors, Target } from '../contracts/learner.ts';
import type { GraphBuilder } from '../onnx/builder.ts';
import { associations } from './association.ts';

/** Ascending numbers of numeric and of categorical columns. */
export interface KeptColumns {
  readonly numeric: Int32Array;
  readonly codes: Int32Array;
}

/** The `most` columns that say most about the target on `rows`; texts stay as they are. */
export function strongestColumns(features: Features, target: Target, rows: Int32Array, most: number): KeptColumns {
  const scores = associations(features, target, rows);
  const order = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]! || a - b).slice(0, Math.max(1, most));
  const numeric = features.numericNames.length;
  return {
    numeric: Int32Array.from(order.filter((j) => j < numeric)).sort(),
    codes: Int32Array.from(order.flatMap((j) => (j < numeric ? [] : [j - numeric]))).sort(),
  };
}

type Shape = Pick<Features, 'numericNames' | 'categoricalNames' | 'cardinalities'>;

/** Names and sizes of the kept columns. */
export function takeShape(shape: Shape, { numeric, codes }: KeptColumns): Shape {
  return {
    numericNames: Array.from(numeric, (j) => shape.numericNames[j]!),
    categoricalNames: Array.from(codes, (g) => shape.categoricalNames[g]!),
    cardinalities: Array.from(codes, (g) => shape.cardinalities[g]!),
  };
}

/** A table of the kept columns alone. */
export function takeColumns(features: Features, kept: KeptColumns): Features {
  const { rows, directions, texts } = features;
  const numeric = new Float32Array(kept.numeric.length * rows);
  kept.numeric.forEach((j, at) => {
    numeric.set(features.numeric.subarray(j * rows, (j + 1) * rows), at * rows);
  });
  const codes = new Int32Array(kept.codes.length * rows);
  kept.codes.forEach((g, at) => {
    codes.set(features.codes.subarray(g * rows, (g + 1) * rows), at * rows);
  });
  const place = new Map(Array.from(kept.numeric, (j, at) => [j, at]));
  return {
    rows,
    ...takeShape(features, kept),
    numeric,
    codes,
    ...(directions ? { directions: Array.from(kept.numeric, (j) => directions[j]!) } : {}),
    ...(texts
      ? {
          texts: texts.map((text) => ({
            ...text,
            counted: Int32Array.from([...text.counted].flatMap((j) => place.get(j) ?? [])),
          })),
        }
      : {}),
  };
}

/** The kept columns of feature tensors. */
export function emitColumns(
  graph: GraphBuilder,
  input: FeatureTensors,
  { numeric, codes }: KeptColumns,
): FeatureTensors {
  return {
    ...input,
    numeric: graph.node('Gather', [input.numeric, graph.int64(numeric)], { axis: 1 }),
    codes: graph.node('Gather', [input.codes, graph.int64(codes)], { axis: 1 }),
  };
}
