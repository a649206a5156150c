/**
 * Differences, products and ratios of pairs of numeric columns as features of trees, which need many tests to build
 * them from their parts. The columns that a few trees on the plain features test most are paired with each other.
 */
import type { Features, Target } from '../../contracts/learner.ts';
import type { GraphBuilder } from '../../onnx/builder.ts';
import { countedColumns } from '../../prep/terms.ts';
import { boost } from '../../trees/boost.ts';
import type { BinnedTable } from '../../trees/table.ts';
import { type ModelColumn, numbersOf, type PairColumn } from './columns.ts';
import { lossFor, probeDesign } from './design.ts';

/** Rows that choosing looks at. */
const PROBE_ROWS = 10_000;
/** More columns than this are a grid of pixels or counts, or sparse: their pairs only crowd out single ones. */
const MOST_COLUMNS = 30;
/** The largest float32: what is beyond is infinite and counts as missing. */
const LARGEST = 3.4028234663852886e38;

/**
 * @param table what the trees read of the training rows without pairs
 * @param count numeric columns to pair
 * @param rest awaited now and then
 */
export async function choosePairs(
  table: BinnedTable,
  columns: readonly ModelColumn[],
  features: Pick<Features, 'texts'>,
  target: Target,
  trainRows: Int32Array,
  count: number,
  rest: () => Promise<void>,
): Promise<PairColumn[]> {
  const counted = countedColumns(features);
  const numbers = columns.filter((column) => column.kind === 'numeric' && !counted.has(column.index)).length;
  if (numbers < 2 || numbers > MOST_COLUMNS) return [];
  const step = Math.max(1, trainRows.length / PROBE_ROWS);
  const rows = Int32Array.from({ length: Math.floor(trainRows.length / step) }, (_, i) => Math.floor(i * step));
  const sample: BinnedTable =
    step === 1
      ? table
      : {
          rows: rows.length,
          features: table.features,
          columns: table.columns.map((column) => Uint8Array.from(rows, (row) => column[row]!)),
        };
  const targets = Float32Array.from(rows, (row) => target.values[trainRows[row]!]!);
  const options = { ...probeDesign, ...lossFor(target), seed: 0 };
  const { ensemble } = await boost(sample, { targets }, undefined, options, { secondsLeft: () => Infinity, rest });
  const uses = new Map<number, number>();
  for (const f of ensemble.feature) {
    const column = columns[f];
    // What is made of two columns would not keep to the direction of one.
    if (column?.kind !== 'numeric' || counted.has(column.index) || table.features[f]!.direction) continue;
    uses.set(column.index, (uses.get(column.index) ?? 0) + 1);
  }
  const top = [...uses]
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, count)
    .map(([index]) => index);
  return top.flatMap((a, i) =>
    top.slice(i + 1).flatMap((b): PairColumn[] => [
      { kind: 'pair', op: 'Sub', a, b },
      { kind: 'pair', op: 'Mul', a, b },
      { kind: 'pair', op: 'Div', a, b },
      { kind: 'pair', op: 'Div', a: b, b: a },
    ]),
  );
}

/** In float32 arithmetic as the graph computes it; what is infinite or undefined is missing. */
export function pairValues(
  features: Pick<Features, 'rows' | 'numeric'>,
  pair: PairColumn,
  rows: Int32Array,
): Float32Array {
  const a = numbersOf(features, pair.a, rows);
  const b = numbersOf(features, pair.b, rows);
  const { op } = pair;
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]!, b[i]!];
    const value = Math.fround(op === 'Sub' ? x - y : op === 'Mul' ? x * y : x / y);
    a[i] = Math.abs(value) <= LARGEST ? value : Number.NaN;
  }
  return a;
}

/** `pairValues` of pairs of one operation: float32 [N, pairs]. */
export function emitPairs(graph: GraphBuilder, numeric: string, pairs: readonly PairColumn[]): string {
  const side = (name: 'a' | 'b') =>
    graph.node('Gather', [numeric, graph.int64(pairs.map((pair) => pair[name]))], { axis: 1 });
  const value = graph.node(pairs[0]!.op, [side('a'), side('b')]);
  const infinite = graph.node('Greater', [graph.node('Abs', [value]), graph.float32(LARGEST)]);
  return graph.node('Where', [infinite, graph.float32(Number.NaN), value]);
}
