/** Inputs of networks over tables: numbers `x` [K, N, C] and categories `e` int64 [K, N, G], and their embeddings. */
import type { NetworkBuilder, Value } from '../ir/network.ts';
import { embedding } from '../layers/embedding.ts';
import { symmetric } from '../layers/init.ts';
import {
  joinTokens,
  linearEmbedding,
  type PbldOptions,
  type PeriodicOptions,
  pbldEmbedding,
  periodicEmbedding,
  piecewiseEmbedding,
} from '../layers/numeric-embedding.ts';

export interface TableSizes {
  readonly numbers: number;
  /** Columns of categories; none where not stated. */
  readonly categories?: number;
  /** Categories of all these columns together; the indices of a column begin where those of the one before end. */
  readonly levels?: number;
}

export type NumberEmbedding =
  | { readonly kind: 'plain' }
  | { readonly kind: 'linear'; readonly width: number }
  | ({ readonly kind: 'periodic' } & PeriodicOptions)
  | ({ readonly kind: 'pbld' } & PbldOptions)
  | { readonly kind: 'piecewise'; readonly width: number; readonly edges: readonly (readonly number[])[] };

/** The numbers as tokens [K, N, C, D]; the plain ones have D = 1, and mixed cosines ("PBLD") keep the number beside them. */
export function numberTokens(net: NetworkBuilder, name: string, x: Value, how: NumberEmbedding): Value {
  const alone = (): Value => net.apply('reshape', [x], { shape: [...x.shape, 1] });
  if (how.kind === 'plain') return alone();
  if (how.kind === 'linear') return linearEmbedding(net, name, x, how.width);
  if (how.kind === 'periodic') return periodicEmbedding(net, name, x, how);
  if (how.kind === 'piecewise') return piecewiseEmbedding(net, name, x, how.edges, how.width);
  return net.apply('concat', [pbldEmbedding(net, name, x, how), alone()], { axis: 3 });
}

/** Inputs `x` and `e` as far as there are such columns, each as tokens: [K, N, C, D] and [K, N, G, width]. */
export function tableTokens(
  net: NetworkBuilder,
  { numbers, categories = 0, levels = 0 }: TableSizes,
  how: NumberEmbedding,
  width: number,
): Value[] {
  const tokens: Value[] = [];
  if (numbers > 0) tokens.push(numberTokens(net, 'number', net.input('x', ['K', 'N', numbers]), how));
  if (categories > 0) {
    const indices = net.input('e', ['K', 'N', categories], 'int64');
    tokens.push(embedding(net, 'category', indices, levels, width, symmetric(1 / Math.sqrt(width))));
  }
  return tokens;
}

/** All embedded columns side by side, [K, N, F]. */
export function tableFeatures(net: NetworkBuilder, sizes: TableSizes, how: NumberEmbedding, width: number): Value {
  const parts = tableTokens(net, sizes, how, width).map((tokens) => joinTokens(net, tokens));
  return parts.length === 1 ? parts[0]! : net.apply('concat', parts, { axis: 2 });
}
