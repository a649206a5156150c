/** The preparation as ONNX nodes: the same ones make the training matrix and stand in the exported file. */
import type { FeatureTensors } from '../../contracts/learner.ts';
import type { GraphBuilder } from '../../onnx/builder.ts';
import type { MlpPreparation } from './preparation.ts';

/** Scaled values beyond this are cut before the smooth clip, so that squares stay finite. */
const FAR = 1e4;

export interface PreparedTensors {
  /** float32 [N, P], or null when every column is embedded. */
  readonly dense: string | null;
  /** int64 [N, E] rows of the embedding table, or null when there are none. */
  readonly rows: string | null;
}

/** Adds the preparation of `input` to `graph`. */
export function emitPreparation(graph: GraphBuilder, p: MlpPreparation, input: FeatureTensors): PreparedTensors {
  const parts: string[] = [];
  if (p.columns.length > 0) {
    const x = graph.node('Gather', [input.numeric, graph.int64(p.columns)], { axis: 1 });
    parts.push(...emitNumeric(graph, p, x));
  }
  if (p.flags.length > 0) {
    const x = graph.node('Gather', [input.numeric, graph.int64(p.flags.map((f) => f.column))], { axis: 1 });
    const missing = graph.float32(p.flags.map((f) => f.missing));
    parts.push(graph.node('Where', [graph.node('IsNaN', [x]), missing, graph.float32(p.flags.map((f) => f.present))]));
  }
  for (const { column, width, table } of p.oneHot) {
    const code = graph.node('Gather', [input.codes, graph.int64(column)], { axis: 1 });
    parts.push(graph.node('Gather', [graph.float32(table, [table.length / width, width]), code], { axis: 0 }));
  }
  const rows = p.embedded.map(({ column, rows }) => {
    const code = graph.node('Gather', [input.codes, graph.int64([column])], { axis: 1 });
    return graph.node('Gather', [graph.int64(rows), code], { axis: 0 });
  });
  if (parts.length === 0 && rows.length === 0) parts.push(emitZeros(graph, input));
  return { dense: joined(graph, parts), rows: joined(graph, rows) };
}

function joined(graph: GraphBuilder, parts: readonly string[]): string | null {
  if (parts.length < 2) return parts[0] ?? null;
  return graph.node('Concat', parts, { axis: 1 });
}

/** Missing becomes the median; robust scaling to z; z / sqrt(1 + (z/3)²), after sign(z)·log(1 + |z|) of columns with long tails. */
function emitNumeric(graph: GraphBuilder, p: MlpPreparation, x: string): string[] {
  const medians = graph.float32(p.medians);
  const filled = graph.node('Where', [graph.node('IsNaN', [x]), medians, x]);
  const scaled = graph.node('Mul', [graph.node('Sub', [filled, medians]), graph.float32(p.scales)]);
  const near = graph.node('Clip', [scaled, graph.float32(-FAR), graph.float32(FAR)]);
  const third = graph.node('Mul', [near, graph.float32(1 / 3)]);
  const root = graph.node('Sqrt', [graph.node('Add', [graph.node('Mul', [third, third]), graph.float32(1)])]);
  const clipped = [graph.node('Div', [near, root]), ...emitPieces(graph, p, filled)];
  if (p.tails.length === 0) return clipped;
  const far = graph.node('Gather', [near, graph.int64(p.tails)], { axis: 1 });
  const log = graph.node('Log', [graph.node('Add', [graph.node('Abs', [far]), graph.float32(1)])]);
  return [graph.node('Mul', [graph.node('Sign', [far]), log]), ...clipped];
}

/** For every piece how far the value lies inside it: -0.5 left of it, 0.5 right of it, straight in between. */
function emitPieces(graph: GraphBuilder, p: MlpPreparation, filled: string): string[] {
  if (p.pieces.length === 0) return [];
  const each = graph.node('Gather', [filled, graph.int64(p.pieces.map((q) => q.at))], { axis: 1 });
  const offset = graph.node('Sub', [each, graph.float32(p.pieces.map((q) => q.left))]);
  const inside = graph.node('Mul', [offset, graph.float32(p.pieces.map((q) => q.slope))]);
  const clipped = graph.node('Clip', [inside, graph.float32(0), graph.float32(1)]);
  return [graph.node('Sub', [clipped, graph.float32(0.5)])];
}

/** One column of zeros for a table in which no column says anything. */
function emitZeros(graph: GraphBuilder, input: FeatureTensors): string {
  const rows = graph.node('Shape', [input.numeric], { start: 0, end: 1 });
  const shape = graph.node('Concat', [rows, graph.int64([1])], { axis: 0 });
  return graph.node('ConstantOfShape', [shape], {
    value: { type: 'float32', dims: [1], data: Float32Array.of(0) },
  });
}
