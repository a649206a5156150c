/** Emits the float32 matrix that the trees of all folds read: numeric columns once, then looked-up statistics. */
import type { Features, FeatureTensors, Target } from '../../contracts/learner.ts';
import { emitTextScores } from '../../linear/text.ts';
import type { GraphBuilder } from '../../onnx/builder.ts';
import { type EmittedColumns, forEachTest } from '../../trees/emit.ts';
import type { PairColumn } from './columns.ts';
import type { TreeFold } from './model.ts';
import { emitPairs } from './pairs.ts';
import { textSlots } from './text-scores.ts';

/** One column of the lookup table of a categorical column (by code) or of a text (by term). */
interface TableColumn {
  readonly value: (code: number) => number;
  /** Position in the matrix, known once all tables are laid out. */
  position: number;
}

/**
 * Collects every column some test reads and emits one Gather per categorical column.
 * @returns the matrix' name and where tests find their column
 */
export function emitMatrix(
  graph: GraphBuilder,
  folds: readonly TreeFold[],
  input: FeatureTensors,
  features: Pick<Features, 'numericNames' | 'cardinalities'>,
  target: Pick<Target, 'problem' | 'classes'>,
): { matrix: string; columns: EmittedColumns } {
  const tables = new Map<number, Map<string, TableColumn>>();
  const texts = new Map<number, Map<string, TableColumn>>();
  const tableColumn = (index: number, key: string, value: (code: number) => number, all = tables): TableColumn => {
    const table = all.get(index) ?? new Map<string, TableColumn>();
    all.set(index, table);
    const column = table.get(key) ?? { value, position: -1 };
    table.set(key, column);
    return column;
  };
  const pairs = new Map<string, { readonly pair: PairColumn; position: number }>();
  const find = (e: number, feature: number, code: number): { readonly position: number } | number => {
    const column = folds[e]!.columns[feature]!;
    if (column.kind === 'numeric') return column.index;
    if (column.kind === 'pair') {
      const key = `${column.op} ${column.a} ${column.b}`;
      const found = pairs.get(key) ?? { pair: column, position: -1 };
      pairs.set(key, found);
      return found;
    }
    // Indicators are the same in every fold, statistics are not.
    if (column.kind === 'code') return tableColumn(column.index, `is ${code}`, (c) => (c === code ? 1 : 0));
    if (column.kind === 'text') {
      const table = folds[e]!.texts[column.index]!;
      const slots = textSlots(target);
      return tableColumn(column.index, `${e}/${column.slot}`, (t) => table[t * slots + column.slot]!, texts);
    }
    const { slots, values } = folds[e]!.tables.get(column.index)!;
    return tableColumn(column.index, `${e}/${column.slot}`, (c) => values[c * slots + column.slot]!);
  };
  folds.forEach((fold, e) => {
    forEachTest(fold.ensemble, (feature, threshold) => {
      find(e, feature, threshold);
    });
  });
  const parts: string[] = [];
  let width = 0;
  if (features.numericNames.length > 0 || tables.size + texts.size === 0) {
    parts.push(input.numeric);
    width = features.numericNames.length;
  }
  for (const [index, table] of tables) {
    const columns = [...table.values()];
    const cardinality = features.cardinalities[index]!;
    const data = new Float32Array(cardinality * columns.length);
    columns.forEach((column, i) => {
      column.position = width++;
      for (let code = 0; code < cardinality; code++) data[code * columns.length + i] = column.value(code);
    });
    const codes = graph.node('Gather', [input.codes, graph.int64(index)], { axis: 1 });
    parts.push(graph.node('Gather', [graph.float32(data, [cardinality, columns.length]), codes], { axis: 0 }));
  }
  for (const [index, table] of texts) {
    const columns = [...table.values()];
    const terms = folds[0]!.texts[index]!.length / textSlots(target);
    const data = new Float32Array(terms * columns.length);
    columns.forEach((column, i) => {
      column.position = width++;
      for (let term = 0; term < terms; term++) data[term * columns.length + i] = column.value(term);
    });
    parts.push(emitTextScores(graph, input.texts![index]!, data, columns.length));
  }
  for (const op of ['Sub', 'Mul', 'Div'] as const) {
    const own = [...pairs.values()].filter(({ pair }) => pair.op === op);
    if (own.length === 0) continue;
    for (const found of own) found.position = width++;
    parts.push(
      emitPairs(
        graph,
        input.numeric,
        own.map(({ pair }) => pair),
      ),
    );
  }
  const position = (e: number, feature: number, code: number): number => {
    const found = find(e, feature, code);
    return typeof found === 'number' ? found : found.position;
  };
  return {
    matrix: parts.length === 1 ? parts[0]! : graph.node('Concat', parts, { axis: 1 }),
    columns: { ordered: (e, feature) => position(e, feature, 0), indicator: position },
  };
}
