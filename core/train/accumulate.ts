/** Gradient accumulation: the mean gradient of several batches, one after the other, makes one update. */
import type { GraphBuilder } from '../onnx/builder.ts';
import { Emitter } from '../ops/emitter.ts';
import { type BatchGradient, type BatchSpec, emitBatchGradient, stepEmitter } from './batch-gradient.ts';
import type { UniformSource } from './uniform.ts';

/**
 * An inner `Loop` over the batches of a step, which keeps the sum of their gradients and no activations.
 * @param at gives a table's entry for the step: one for each batch where `perBatch` names it, else one for all
 */
export function emitAccumulated(
  spec: BatchSpec,
  graph: GraphBuilder,
  body: GraphBuilder,
  parameters: ReadonlyMap<number, string>,
  at: (table: string) => string,
  { batches, perBatch, uniforms }: { batches: number; perBatch: ReadonlySet<string>; uniforms: UniformSource },
): BatchGradient {
  const { members, layout } = spec;
  const flat = [members, layout.size];
  const inner = body.subgraph('batch');
  const batch = inner.input('batch', 'int64', []);
  const go = inner.input('more', 'bool', []);
  const before = inner.input('sum', 'float32', flat);
  // Read by the step, not once more by every batch.
  const entries = new Map<string, string>();
  const entry = (table: string): string => {
    const known = entries.get(table) ?? at(table);
    entries.set(table, known);
    return known;
  };
  const atBatch = (table: string): string =>
    perBatch.has(table) ? inner.node('Gather', [entry(table), batch], { axis: 0 }) : entry(table);
  const e = stepEmitter(spec, graph, inner, atBatch, uniforms);
  const { gradient, loss } = emitBatchGradient(spec, graph, e, parameters, atBatch('order'), atBatch);
  inner.output('more_on', 'bool', [], go);
  inner.output('sum_next', 'float32', flat, e.add(before, gradient));
  inner.output('batch_loss', 'float32', [members], loss);
  const outer = new Emitter(body, { ...spec.forms, mode: 'training' });
  const zeros = outer.constant(new Float32Array(members * layout.size), flat);
  const trips = body.int64(batches);
  const always = body.constant({ type: 'bool', dims: [], data: Uint8Array.of(1) });
  const [sum, losses] = body.node('Loop', [trips, always, zeros], { body: inner.toGraph() }, { outputs: 2 });
  const mean = outer.op('ReduceMean', [losses!, body.int64([0])], { keepdims: 0 });
  return { gradient: outer.mul(sum!, outer.scalar(1 / batches)), loss: mean };
}
