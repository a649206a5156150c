/** A graph of nodes with sparse features and a fixed split, in the layout of `nodes.csv` and `edges.csv`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCsv } from './csv.ts';

export interface CitationGraph {
  readonly nodes: number;
  readonly features: number;
  readonly classes: number;
  readonly labels: Int32Array;
  readonly parts: Readonly<Record<'train' | 'val' | 'test', Int32Array>>;
  /** Every edge in both directions, and a loop at every node. */
  readonly sources: Int32Array;
  readonly targets: Int32Array;
  /** 1 / sqrt(degree of source · degree of target), degrees with the loop (Kipf and Welling 2017). */
  readonly weights: Float32Array;
  /** The features that are not 0: node, feature, and value divided by the node's sum. */
  readonly entryNode: Int32Array;
  readonly entryFeature: Int32Array;
  readonly entryValue: Float32Array;
}

export function readCitationGraph(folder: string): CitationGraph {
  const table = parseCsv(readFileSync(join(folder, 'nodes.csv'), 'utf8'));
  const { n_features: features } = JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8')) as {
    n_features: number;
  };
  const rows = table.rows.map(([id, label, split, entries]) => ({
    id: Number(id),
    label: label!,
    split,
    entries: (entries ?? '')
      .split(' ')
      .filter(Boolean)
      .map((entry) => entry.split(':').map(Number) as [number, number]),
  }));
  const nodes = rows.length;
  if (rows.some((row, i) => row.id !== i)) throw new RangeError(`${folder}/nodes.csv must number its nodes from 0.`);
  const names = [...new Set(rows.map((r) => r.label))].sort();
  const part = (name: string): Int32Array =>
    Int32Array.from(
      rows.filter((r) => r.split === name),
      (r) => r.id,
    );
  const pairs = parseCsv(readFileSync(join(folder, 'edges.csv'), 'utf8')).rows.map(
    ([a, b]) => [Number(a), Number(b)] as const,
  );
  const loops = rows.map((_, i) => [i, i] as const);
  const edges = [...pairs, ...pairs.map(([a, b]) => [b, a] as const), ...loops];
  const degree = new Float64Array(nodes);
  for (const [, target] of edges) degree[target]!++;
  const entries = rows.flatMap((row) => {
    const sum = row.entries.reduce((total, [, value]) => total + value, 0);
    return row.entries.map(([feature, value]) => ({ node: row.id, feature, value: value / sum }));
  });
  return {
    nodes,
    features,
    classes: names.length,
    labels: Int32Array.from(rows, (r) => names.indexOf(r.label)),
    parts: { train: part('train'), val: part('val'), test: part('test') },
    sources: Int32Array.from(edges, ([a]) => a),
    targets: Int32Array.from(edges, ([, b]) => b),
    weights: Float32Array.from(edges, ([a, b]) => 1 / Math.sqrt(degree[a]! * degree[b]!)),
    entryNode: Int32Array.from(entries, (e) => e.node),
    entryFeature: Int32Array.from(entries, (e) => e.feature),
    entryValue: Float32Array.from(entries, (e) => e.value),
  };
}
