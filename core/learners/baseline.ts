/** The baseline: class shares, or the mean. What every other learner must beat. */
import type { Learner } from '../contracts/learner.ts';

export const baseline: Learner = {
  name: 'baseline',

  async fit(_design, _features, target, trainRows, validRows) {
    const { classes, values, weights } = target;
    const sums = new Float64Array(classes);
    let total = 0;
    for (const row of trainRows) {
      const weight = weights ? weights[row]! : 1;
      if (target.problem === 'regression') sums[0]! += weight * values[row]!;
      else sums[values[row]!]! += weight;
      total += weight;
    }
    const answer = Float32Array.from(sums, (sum) => sum / Math.max(total, 1e-300));
    return {
      model: { state: {}, arrays: { answer } },
      validPredictions: repeat(answer, validRows.length),
      steps: 1,
      notes: [],
    };
  },

  async predict(model, _features, rows) {
    return repeat(model.arrays.answer as Float32Array, rows.length);
  },

  emit(graph, models, input, _features, target) {
    const mean = new Float32Array(target.classes);
    for (const model of models) {
      (model.arrays.answer as Float32Array).forEach((value, c) => {
        mean[c]! += value / models.length;
      });
    }
    const rows = graph.node('Shape', [input.numeric], { start: 0, end: 1 });
    const dims = graph.node('Concat', [rows, graph.int64([target.classes])], { axis: 0 });
    return graph.node('Expand', [graph.float32(mean, [1, target.classes]), dims]);
  },
};

function repeat(answer: Float32Array, rows: number): Float32Array {
  const out = new Float32Array(rows * answer.length);
  for (let i = 0; i < rows; i++) out.set(answer, i * answer.length);
  return out;
}
