/** Whole ensembles as one ONNX file: raw columns in, label and probabilities or a value with bounds out (CONTRACTS.md). */
import { emitInterval } from '../conformal/emit.ts';
import type { IntervalPlan } from '../conformal/interval.ts';
import type { FoldModel, Learner } from '../contracts/learner.ts';
import type { ModelMetadata } from '../contracts/result.ts';
import type { Calibration } from '../ensemble/calibrate.ts';
import { LEAST_PROBABILITY } from '../ensemble/calibration.ts';
import { holdsCosts } from '../metrics/labels.ts';
import { GraphBuilder } from '../onnx/builder.ts';
import { emitPiecewise } from '../onnx/piecewise.ts';
import { emitPreparation, featureShape, type Preparation } from '../prep/preparation.ts';
import type { NumberTarget, TargetPlan, TargetScale } from '../tasks/target.ts';
import { learnerNamed } from './registry.ts';

export interface ExportMember {
  readonly learner: string;
  readonly models: readonly FoldModel[];
  readonly scale: TargetScale;
  /** Weights of all members sum to 1. */
  readonly weight: number;
}

export interface ExportRequest {
  readonly preparation: Preparation;
  readonly target: TargetPlan;
  readonly members: readonly ExportMember[];
  /** Of the probabilities; left out for none. */
  readonly calibration?: Calibration;
  /** See `decideLabels`; null for the largest probability. */
  readonly decision?: readonly number[] | null;
  /** Bounds beside the value; null or left out for none. */
  readonly interval?: IntervalPlan | null;
  /** Written to `metadata_props.warmstart`. */
  readonly metadata: ModelMetadata;
}

/** The ONNX file. Throws a RangeError when there is no member or no column. */
export function exportModel(request: ExportRequest, find: (name: string) => Learner = learnerNamed): Uint8Array {
  const graph = new GraphBuilder('warmstart');
  const { preparation, target } = request;
  const input = emitPreparation(graph, preparation);
  const shape = featureShape(preparation);
  const classes = target.problem === 'regression' ? 1 : target.classes.length;
  const parts = request.members
    .filter((member) => member.weight > 0)
    .map((member) => {
      const learned = { problem: target.problem, classes };
      let output = find(member.learner).emit(graph, member.models, input, shape, learned);
      if (target.problem === 'regression' && member.scale === 'log') output = emitPlainScale(graph, target, output);
      return member.weight === 1 ? output : graph.node('Mul', [output, graph.float32(member.weight)]);
    });
  if (parts.length === 0) throw new RangeError('An ensemble needs at least one member.');
  const mean = parts.length === 1 ? parts[0]! : graph.node('Sum', parts);
  if (target.problem === 'regression') {
    const value = emitValue(graph, target, mean);
    if (request.interval) {
      const { lower, upper } = emitInterval(graph, request.interval, target, mean, value, input, shape);
      graph.output('value_lower', 'float32', ['N', 1], lower);
      graph.output('value_upper', 'float32', ['N', 1], upper);
    }
  } else emitLabels(graph, target.classes, mean, request);
  graph.metadata('warmstart', JSON.stringify(request.metadata));
  return graph.toBytes();
}

/** Standardised on the log scale to standardised on the plain scale; see `toPlainScale`. */
function emitPlainScale(graph: GraphBuilder, target: NumberTarget, value: string): string {
  const log = target.log!;
  const scaled = graph.node('Mul', [value, graph.float32(log.deviation)]);
  const shifted = graph.node('Add', [scaled, graph.float32(log.mean)]);
  const safe = graph.node('Clip', [shifted, graph.float32(log.low), graph.float32(log.high)]);
  const units = graph.node('Sub', [graph.node('Exp', [safe]), graph.float32(1 + target.mean)]);
  return graph.node('Div', [units, graph.float32(target.deviation)]);
}

function emitValue(graph: GraphBuilder, target: NumberTarget, mean: string): string {
  const scaled = graph.node('Mul', [mean, graph.float32(target.deviation)]);
  const shifted = graph.node('Add', [scaled, graph.float32(target.mean)]);
  const value = graph.node('Clip', [shifted, graph.float32(target.low), graph.float32(target.high)]);
  graph.output('value', 'float32', ['N', 1], value);
  return value;
}

function emitLabels(graph: GraphBuilder, classes: readonly string[], mean: string, request: ExportRequest): void {
  let probabilities = mean;
  const { calibration, decision } = request;
  const { temperature, curve } = calibration ?? { temperature: 1, curve: null };
  if (temperature !== 1) {
    const safe = graph.node('Max', [probabilities, graph.float32(LEAST_PROBABILITY)]);
    const scaled = graph.node('Mul', [graph.node('Log', [safe]), graph.float32(1 / temperature)]);
    probabilities = graph.node('Softmax', [scaled], { axis: 1 });
  }
  if (curve) {
    const positive = graph.node('Gather', [probabilities, graph.int64([1])], { axis: 1 });
    const bent = emitPiecewise(graph, curve, positive);
    probabilities = graph.node('Concat', [graph.node('Sub', [graph.float32(1), bent]), bent], { axis: 1 });
  }
  const best = emitDecision(graph, probabilities, classes.length, decision ?? null);
  const label = graph.node('Gather', [graph.strings(classes), best]);
  graph.output('label', 'string', ['N'], label);
  graph.output('probabilities', 'float32', ['N', classes.length], probabilities);
}

/** Indices of the labels as `decideLabels` gives them, int64 [N]. */
function emitDecision(
  graph: GraphBuilder,
  probabilities: string,
  classes: number,
  decision: readonly number[] | null,
): string {
  const axis = { axis: 1, keepdims: 0 };
  if (decision && holdsCosts(decision, classes)) {
    const costs = graph.node('MatMul', [probabilities, graph.float32(decision, [classes, classes])]);
    return graph.node('ArgMin', [costs], axis);
  }
  const weighed = decision ? graph.node('Mul', [probabilities, graph.float32(decision)]) : probabilities;
  return graph.node('ArgMax', [weighed], axis);
}
