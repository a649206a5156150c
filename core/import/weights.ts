/** Values of imported parameters: into a training state, and back into the file they came from. */
import { fromFloat32 } from '../onnx/half.ts';
import type { Model } from '../onnx/model.ts';
import type { Layout } from '../train/layout.ts';
import { initialState, readParameter, type TrainingState, writeParameter } from '../train/state.ts';
import type { Imported } from './import-network.ts';
import type { ImportedParameter } from './parameters.ts';

type WithParameters = Pick<Imported, 'parameters'>;

/**
 * A fresh training state with one member for each seed: imported parameters start from the file's values, others are drawn
 * as in `initialState`.
 */
export function importedState({ parameters }: WithParameters, layout: Layout, seeds: readonly number[]): TrainingState {
  const state = initialState(layout, seeds);
  for (const { name, values } of parameters) {
    const all = new Float32Array(values.length * seeds.length);
    for (const k of seeds.keys()) all.set(values, k * values.length);
    writeParameter(layout, state.parameters, name, all);
  }
  return state;
}

/** Numbers in the network's layout of `parameter`, such as trained values or a gradient, in the layout of the file. */
export function toFileLayout({ order }: ImportedParameter, values: Float32Array): Float32Array {
  if (order === null) return values;
  const out = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) out[order[i]!] = values[i]!;
  return out;
}

/** Trained values of one member by parameter name, in the network's layout. */
export function parametersOf(
  { parameters }: WithParameters,
  layout: Layout,
  flat: Float32Array,
  member = 0,
): Map<string, Float32Array> {
  const own = flat.subarray(member * layout.size, (member + 1) * layout.size);
  return new Map(parameters.map(({ name }) => [name, readParameter(layout, own, name)]));
}

/** The model as it came, with the trained values of its parameters. */
export function withTrainedWeights(
  model: Model,
  { parameters }: WithParameters,
  trained: ReadonlyMap<string, Float32Array>,
): Model {
  const initializers = new Map(model.graph.initializers);
  for (const parameter of parameters) {
    const before = initializers.get(parameter.source);
    const values = trained.get(parameter.name);
    if (!before || !values) throw new RangeError(`There are no values for ${parameter.source}.`);
    initializers.set(parameter.source, {
      ...before,
      data: fromFloat32(before.type, toFileLayout(parameter, values)),
    });
  }
  return { ...model, graph: { ...model.graph, initializers } };
}
