/** Bounds of an interval as graph nodes, after the predicted value: what `boundsOf` computes. */
import type { Features, FeatureTensors } from '../contracts/learner.ts';
import { boosting } from '../learners/boosting.ts';
import type { GraphBuilder } from '../onnx/builder.ts';
import { emitPiecewise } from '../onnx/piecewise.ts';
import type { NumberTarget } from '../tasks/target.ts';
import type { IntervalPlan } from './interval.ts';

type Shape = Pick<Features, 'numericNames' | 'categoricalNames' | 'cardinalities'>;

/**
 * @param mean standardised prediction, float32 [N, 1]
 * @param value the prediction in the user's units, within range, float32 [N, 1]
 * @returns names of float32 tensors [N, 1]
 */
export function emitInterval(
  graph: GraphBuilder,
  plan: IntervalPlan,
  target: NumberTarget,
  mean: string,
  value: string,
  input: FeatureTensors,
  shape: Shape,
): { lower: string; upper: string } {
  let size = graph.node('Mul', [emitPiecewise(graph, plan.spread, mean), graph.float32(target.deviation)]);
  if (plan.difficulty) {
    const { models, scale } = plan.difficulty;
    const trees = boosting.emit(graph, models, input, shape, { problem: 'regression', classes: 1 });
    const log = graph.node('Add', [
      graph.node('Mul', [trees, graph.float32(scale.deviation)]),
      graph.float32(scale.mean),
    ]);
    const kept = graph.node('Clip', [log, graph.float32(scale.low), graph.float32(scale.high)]);
    size = graph.node('Mul', [size, graph.node('Exp', [kept])]);
  }
  const end = (offset: number) => {
    const moved = graph.node('Add', [value, graph.node('Mul', [size, graph.float32(offset)])]);
    return graph.node('Clip', [moved, graph.float32(target.low), graph.float32(target.high)]);
  };
  return { lower: end(plan.below), upper: end(plan.above) };
}
