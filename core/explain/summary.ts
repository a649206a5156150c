/** What columns do to predictions on the whole: Shapley values of many rows, each against a few others. */
import type { ColumnEffect, EffectReport } from '../contracts/insights.ts';
import type { ModelMetadata } from '../contracts/result.ts';
import { Random } from '../math/random.ts';
import type { CellReader, RawValue } from '../serve/feeds.ts';
import type { Predictions } from '../serve/predictions.ts';
import { type Cells, outputOf, type Player, rowGame } from './columns.ts';
import { explain } from './shapley.ts';

export interface SummaryOptions {
  readonly seed: number;
  /** Rows to explain at most. */
  readonly rows: number;
  /** Other rows that each is explained against. */
  readonly background: number;
  /** Rows that are predicted at once. */
  readonly batch: number;
  /** Asked between rows, after the first few: those so far are summarised then. */
  readonly stop: () => boolean;
}

/** Fewer rows are no summary. */
const LEAST_ROWS = 10;
const LONGEST_CELL = 40;

/**
 * @param sample rows to explain and to explain against, two at least, in any order
 * @throws what `predict` throws
 */
export async function summariseEffects(
  metadata: Pick<ModelMetadata, 'classes' | 'positiveClass'>,
  sample: readonly Cells[],
  players: readonly Player[],
  predict: (rows: number, read: CellReader) => Promise<Predictions>,
  options: SummaryOptions,
): Promise<EffectReport> {
  const { background, batch } = options;
  const random = new Random(options.seed);
  const order = random.shuffle(Int32Array.from(sample, (_, i) => i)).subarray(0, options.rows);
  const fixed = fixedClass(metadata);
  const effects: Float64Array[] = [];
  for (const at of order) {
    if (effects.length >= LEAST_ROWS && options.stop()) break;
    const row = sample[at]!;
    const shown = fixed ?? (await predictedClass(row, predict));
    const others = Array.from(
      { length: background },
      () => sample[(at + 1 + random.integer(sample.length - 1)) % sample.length]!,
    );
    const question = { row, background: others, players: players.map(({ inputs }) => inputs) };
    const game = rowGame(question, async (rows, read) => outputOf(await predict(rows, read), shown));
    effects.push((await explain(game, { seed: random.uint32(), batch })).values);
  }
  const explained = Array.from(order.subarray(0, effects.length), (at) => sample[at]!);
  const columns = players.map((player, p) =>
    effectOf(
      player,
      effects.map((values) => values[p]!),
      explained,
    ),
  );
  return {
    output: outputName(metadata, fixed),
    rows: effects.length,
    background,
    columns: columns.sort((a, b) => b.size - a.size),
  };
}

/** Of two classes the positive one; of more, whichever is predicted. Numbers have no classes. */
function fixedClass({ classes, positiveClass }: Pick<ModelMetadata, 'classes' | 'positiveClass'>): number | null {
  if (!classes) return 0;
  if (classes.length > 2) return null;
  const positive = positiveClass ? classes.indexOf(positiveClass) : -1;
  return positive >= 0 ? positive : classes.length - 1;
}

function outputName({ classes }: Pick<ModelMetadata, 'classes'>, fixed: number | null): EffectReport['output'] {
  if (!classes) return { kind: 'value' };
  return fixed === null ? { kind: 'predicted_class' } : { kind: 'class', name: classes[fixed]! };
}

async function predictedClass(
  row: Cells,
  predict: (rows: number, read: CellReader) => Promise<Predictions>,
): Promise<number> {
  const predictions = await predict(1, (_, input) => row[input]);
  return predictions.kind === 'regression' ? 0 : predictions.classes.indexOf(predictions.labels[0]!);
}

const short = (value: number) => Number(value.toPrecision(4));

function effectOf({ name, inputs }: Player, effects: readonly number[], rows: readonly Cells[]): ColumnEffect {
  const sizes = effects.map(Math.abs);
  const size = sizes.reduce((sum, one) => sum + one, 0) / sizes.length;
  const variance = sizes.reduce((sum, one) => sum + (one - size) ** 2, 0) / Math.max(1, sizes.length - 1);
  const half = 1.96 * Math.sqrt(variance / sizes.length);
  return {
    column: name,
    size: short(size),
    low: short(Math.max(0, size - half)),
    high: short(size + half),
    effects: effects.map(short),
    cells: name === null ? [] : rows.map((row) => cellOf(row[inputs[0]!])),
  };
}

function cellOf(value: RawValue): string | number | null {
  if (value === null || value === undefined || value === '') return null;
  return typeof value === 'string' && value.length > LONGEST_CELL ? `${value.slice(0, LONGEST_CELL - 1)}…` : value;
}
