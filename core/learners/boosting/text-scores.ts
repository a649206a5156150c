/**
 * Free text for trees: scores of a linear model of a text column's terms, one column per class (one for two classes and
 * for numbers). Training rows are scored by models of the other parts of the rows, so that no row's target reaches its
 * own features; later rows by the model of all of them.
 */
import type { Target, TextFeature } from '../../contracts/learner.ts';
import { outputsOf } from '../../linear/fit.ts';
import { minimise } from '../../linear/owlqn.ts';
import { type LinearData, lossAndResiduals, margins, objectiveOf, weightCount } from '../../linear/problem.ts';
import { scoreTexts, termTable } from '../../linear/text.ts';
import { Random } from '../../math/random.ts';

/** More classes than this get no scores: a table of weights per class and fold is large, and so is the time. */
const MOST_CLASSES = 20;
const PARTS = 3;
const STRENGTHS = [0.03, 0.01, 3e-3];
const STEPS = 8;

export interface TextScores {
  /** One column per slot, aligned with the training rows. */
  readonly own: readonly Float32Array[];
  /** What `scoreTexts` takes for other rows. */
  readonly table: Float32Array;
}

/** Columns of scores that each text gets. */
export function textSlots({ problem, classes }: Pick<Target, 'problem' | 'classes'>): number {
  const outputs = outputsOf(problem, classes);
  return outputs <= MOST_CLASSES ? outputs : 0;
}

function dataOf(feature: TextFeature, target: Target, rows: Int32Array): LinearData {
  const take = (values: Float32Array) => Float32Array.from(rows, (row) => values[row]!);
  return {
    matrix: { rows: rows.length, width: 0, values: new Float32Array(0) },
    codes: new Int32Array(0),
    codeColumns: 0,
    codeRows: 0,
    texts: [{ feature, rows }],
    problem: target.problem,
    outputs: outputsOf(target.problem, target.classes),
    targets: take(target.values),
    weights: target.weights && take(target.weights),
  };
}

/** Weights under each penalty from the strongest on; `seen` may end the path. */
async function fitPath(
  data: LinearData,
  strengths: readonly number[],
  rest: () => Promise<void>,
  seen: (weights: Float64Array, i: number) => void,
): Promise<void> {
  const w = new Float64Array(weightCount(data));
  const objective = objectiveOf(data);
  for (const [i, strength] of strengths.entries()) {
    await minimise(objective, { l1: 0, l2: strength }, w, STEPS, 1e-3, async () => {
      await rest();
      return true;
    });
    seen(w, i);
  }
}

/** Scores follow from a text, the rows and their targets alone, so that the trials of a search share them. */
const kept = new WeakMap<TextFeature, Map<number, TextScores>>();

/** Of rows and their targets, by FNV-1a. */
function hashOf(target: Target, rows: Int32Array): number {
  const bits = new Int32Array(Float32Array.from(rows, (row) => target.values[row]!).buffer);
  let hash = 0x811c9dc5;
  for (let i = 0; i < rows.length; i++) {
    hash = Math.imul(hash ^ rows[i]!, 0x01000193);
    hash = Math.imul(hash ^ bits[i]!, 0x01000193);
  }
  return hash;
}

/** @param rest awaited between steps; throws when the trial was cancelled */
export async function textScoresOf(
  feature: TextFeature,
  target: Target,
  trainRows: Int32Array,
  rest: () => Promise<void>,
): Promise<TextScores> {
  const own = kept.get(feature) ?? new Map<number, TextScores>();
  kept.set(feature, own);
  const key = hashOf(target, trainRows);
  const found = own.get(key) ?? (await fitTextScores(feature, target, trainRows, rest));
  own.set(key, found);
  return found;
}

async function fitTextScores(
  feature: TextFeature,
  target: Target,
  trainRows: Int32Array,
  rest: () => Promise<void>,
): Promise<TextScores> {
  const slots = textSlots(target);
  const n = trainRows.length;
  const order = new Random(n).shuffle(Int32Array.from({ length: n }, (_, i) => i));
  const losses = new Float64Array(STRENGTHS.length);
  const scores = STRENGTHS.map(() => new Float32Array(n * slots));
  for (let part = 0; part < PARTS; part++) {
    const inside = order.filter((_, at) => at % PARTS === part).sort();
    const outside = order.filter((_, at) => at % PARTS !== part).sort();
    const rowsOf = (places: Int32Array) => Int32Array.from(places, (i) => trainRows[i]!);
    const data = dataOf(feature, target, rowsOf(outside));
    const held = dataOf(feature, target, rowsOf(inside));
    await fitPath(data, STRENGTHS, rest, (w, s) => {
      losses[s]! += inside.length * lossAndResiduals(held, margins(held, w));
      const table = termTable(feature, w, 0, slots);
      const own = scoreTexts(held.texts[0]!, table, slots);
      inside.forEach((i, at) => {
        scores[s]!.set(own.subarray(at * slots, (at + 1) * slots), i * slots);
      });
    });
  }
  const best = losses.indexOf(Math.min(...losses));
  let table: Float32Array = new Float32Array(0);
  await fitPath(dataOf(feature, target, trainRows), STRENGTHS.slice(0, best + 1), rest, (w) => {
    table = termTable(feature, w, 0, slots);
  });
  const chosen = scores[best]!;
  const own = Array.from({ length: slots }, (_, slot) =>
    Float32Array.from(trainRows, (_, i) => chosen[i * slots + slot]!),
  );
  return { own, table };
}
