/** A fitted fold as stored: design and preparation as JSON, all weights of its networks as one vector. */
import type { FoldModel, Target } from '../../contracts/learner.ts';
import { bindNetwork, type Network } from '../../ir/network.ts';
import { type Layout, layoutOf } from '../../train/layout.ts';
import type { MlpDesign } from './design.ts';
import { type MlpShape, mlpNetwork } from './network.ts';
import { denseWidth, type MlpPreparation, numberColumns } from './preparation.ts';

export interface FoldState {
  readonly design: MlpDesign;
  readonly preparation: MlpPreparation;
  /** Classes, or 1. */
  readonly outputs: number;
  /** Range of the training target that predictions are cut to; null for classes. */
  readonly clamp: readonly [number, number] | null;
}

export function foldModel(state: FoldState, parameters: Float32Array): FoldModel {
  return { state: { ...state }, arrays: { parameters } };
}

/** Reads what `foldModel` wrote. Throws a TypeError when the model is not an MLP's. */
export function readFoldModel(model: FoldModel): { fold: FoldState; parameters: Float32Array } {
  const { parameters } = model.arrays;
  if (!(parameters instanceof Float32Array) || !('preparation' in model.state)) {
    throw new TypeError('This fold model was not written by the MLP learner.');
  }
  return { fold: model.state as unknown as FoldState, parameters };
}

export function shapeOf(preparation: MlpPreparation, target: Pick<Target, 'problem' | 'classes'>): MlpShape {
  return {
    dense: denseWidth(preparation),
    continuous: preparation.tails.length + preparation.continuous,
    columnOf: numberColumns(preparation),
    pieces: preparation.pieces.length,
    embedded: preparation.embedded.length,
    tableRows: preparation.tableRows,
    outputs: target.problem === 'regression' ? 1 : target.classes,
  };
}

/** The network for prediction, with all members reading the same rows, and where its parameters lie. */
export function inferenceNetwork(
  fold: FoldState,
  target: Pick<Target, 'problem' | 'classes'>,
  members: number,
): { network: Network; layout: Layout } {
  const open = mlpNetwork(fold.design, shapeOf(fold.preparation, target), 1, null);
  const network = bindNetwork(open, { K: members });
  return { network, layout: layoutOf(network) };
}

/** Networks of a fold. Throws a TypeError where its weights are not those of whole networks. */
export function networksIn(
  fold: FoldState,
  target: Pick<Target, 'problem' | 'classes'>,
  parameters: Float32Array,
): number {
  const members = parameters.length / inferenceNetwork(fold, target, 1).layout.size;
  if (!Number.isInteger(members) || members < 1)
    throw new TypeError('The weights of this fold model do not fit its design.');
  return members;
}
