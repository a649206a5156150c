/**
 * Linear and logistic regression with elastic net on normal scores or splines of numbers and on categories. Two
 * classes: sigmoid; more: softmax. Decisions: `basis` (`score`, `spline`), `knots` (of splines), `mix` (share of L1).
 */
import type { Features, FoldModel, Learner, Problem } from '../contracts/learner.ts';
import { emitLinear } from '../linear/emit.ts';
import { codeOffsets, fitLinear, type LinearFit, outputsOf } from '../linear/fit.ts';
import { textOffsets } from '../linear/problem.ts';
import { type Ramps, ramp, rampsOf } from '../linear/ramps.ts';
import { scoreTexts, termTable } from '../linear/text.ts';

/** Quantiles per column of the map to normal scores. */
const SCORE_KNOTS = 24;

export const linear: Learner = {
  name: 'linear',

  async fit(design, features, target, trainRows, validRows, context) {
    const spline = design.basis === 'spline';
    const mix = typeof design.mix === 'number' ? design.mix : 0;
    const columns = Math.max(features.numericNames.length, 1);
    const wanted = spline ? Number(design.knots ?? 8) : SCORE_KNOTS;
    // Very wide tables get fewer knots, so that the matrix stays in memory.
    const knots = Math.max(2, Math.min(wanted, Math.floor((spline ? 6000 : 60_000) / columns)));
    const ramps = rampsOf(features, knots);
    const fit = await fitLinear({ spline, mix }, features, ramps, target, trainRows, validRows, context);
    const take = (chosen: Pick<LinearFit, 'weights' | 'strength'>) => {
      const model = foldModel({ ...fit, ...chosen }, ramps, features, spline);
      return {
        model,
        validPredictions: predictRows(model, features, validRows, target.problem, target.classes),
        steps: 1,
      };
    };
    const checkpoints = fit.path.map(({ loss, ...chosen }, at) => ({ at, loss, take: () => take(chosen) }));
    return {
      ...take(fit),
      plan: fit.plan,
      notes: fit.notes,
      ...(context.fewRows && checkpoints.length > 0 ? { checkpoints } : {}),
    };
  },

  async predict(model, features, rows, target) {
    return predictRows(model, features, rows, target.problem, target.classes);
  },

  emit: emitLinear,
};

/** Folds standardisation and scores into one weight per ramp, so that the model is ramps, flags, codes, intercept. */
function foldModel(fit: LinearFit, ramps: Ramps, features: Features, spline: boolean): FoldModel {
  const { weights, standard, outputs: k } = fit;
  const dense = spline ? ramps.column.length : ramps.columns;
  const codeRows = features.cardinalities.reduce((sum, count) => sum + count, 0);
  const width = dense + ramps.flagged.length;
  const texts = (features.texts ?? []).map((feature) => ({ feature, rows: new Int32Array(0) }));
  const offsets = textOffsets({ matrix: { width }, codeRows, texts, outputs: k });
  const bias = weights.slice(offsets.at(-1)!);
  const scaled = (j: number, c: number) => weights[j * k + c]! * standard.inverse[j]!;
  for (let j = 0; j < width; j++) for (let c = 0; c < k; c++) bias[c]! -= scaled(j, c) * standard.mean[j]!;
  const rampWeights = new Float32Array(ramps.column.length * k);
  for (let r = 0; r < ramps.column.length; r++) {
    for (let c = 0; c < k; c++) {
      rampWeights[r * k + c] = spline ? scaled(r, c) : scaled(ramps.place[ramps.column[r]!]!, c) * ramps.rise[r]!;
    }
  }
  const flagWeights = Float32Array.from({ length: ramps.flagged.length * k }, (_, i) =>
    scaled(dense + Math.floor(i / k), i % k),
  );
  return {
    state: { strength: fit.strength },
    arrays: {
      column: ramps.column,
      start: ramps.start,
      slope: ramps.slope,
      fill: ramps.fill,
      flagged: ramps.flagged,
      rampWeights,
      flagWeights,
      codeWeights: Float32Array.from(weights.subarray(width * k, (width + codeRows) * k)),
      bias: Float32Array.from(bias),
      ...Object.fromEntries(texts.map(({ feature }, t) => [`text${t}`, termTable(feature, weights, offsets[t]!, k)])),
    },
  };
}

function predictRows(
  model: FoldModel,
  features: Features,
  rows: Int32Array,
  problem: Problem,
  classes: number,
): Float32Array {
  const { column, start, slope, fill, flagged, rampWeights, flagWeights, codeWeights, bias } = model.arrays as Record<
    string,
    Float32Array
  >;
  const k = outputsOf(problem, classes);
  const n = rows.length;
  const out = new Float64Array(n * k);
  for (let i = 0; i < n; i++) for (let c = 0; c < k; c++) out[i * k + c] = bias![c]!;
  const ramps = { column, start, slope } as unknown as Ramps;
  const value = (j: number, i: number) => features.numeric[j * features.rows + rows[i]!]!;
  for (let r = 0; r < column!.length; r++) {
    const j = column![r]!;
    for (let i = 0; i < n; i++) {
      const x = value(j, i);
      const height = ramp(ramps, r, Number.isNaN(x) ? fill![j]! : x);
      for (let c = 0; c < k; c++) out[i * k + c]! += height * rampWeights![r * k + c]!;
    }
  }
  for (let f = 0; f < flagged!.length; f++) {
    for (let i = 0; i < n; i++) {
      if (!Number.isNaN(value(flagged![f]!, i))) continue;
      for (let c = 0; c < k; c++) out[i * k + c]! += flagWeights![f * k + c]!;
    }
  }
  const offsets = codeOffsets(features.cardinalities);
  for (let g = 0; g < offsets.length; g++) {
    for (let i = 0; i < n; i++) {
      const at = (features.codes[g * features.rows + rows[i]!]! + offsets[g]!) * k;
      for (let c = 0; c < k; c++) out[i * k + c]! += codeWeights![at + c]!;
    }
  }
  features.texts?.forEach((feature, t) => {
    const scores = scoreTexts({ feature, rows }, model.arrays[`text${t}`] as Float32Array, k);
    for (let at = 0; at < scores.length; at++) out[at]! += scores[at]!;
  });
  return squash(out, problem, n, classes);
}

function squash(margins: Float64Array, problem: Problem, n: number, classes: number): Float32Array {
  if (problem === 'regression') return Float32Array.from(margins);
  const out = new Float32Array(n * classes);
  for (let i = 0; i < n; i++) {
    if (problem === 'binary') {
      const p = 1 / (1 + Math.exp(-margins[i]!));
      out[2 * i] = 1 - p;
      out[2 * i + 1] = p;
      continue;
    }
    const row = margins.subarray(i * classes, (i + 1) * classes);
    const top = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    const sum = row.reduce((total, m) => total + Math.exp(m - top), 0);
    for (let c = 0; c < classes; c++) out[i * classes + c] = Math.exp(row[c]! - top) / sum;
  }
  return out;
}
