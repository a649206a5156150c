/** What a model is that training engines are compared on: our network, its data and where it starts. */
import type { Tensor } from '#core/contracts/runtime.ts';
import { bindNetwork, type Network } from '#core/ir/network.ts';
import { countOf } from '#core/ir/shape.ts';
import { Random } from '#core/math/random.ts';
import { type Layout, layoutOf } from '#core/train/layout.ts';
import type { DataKind } from '#core/train/program.ts';
import { initialState, type TrainingState } from '#core/train/state.ts';

/** Adam as all engines run it. */
export const adam = { rate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };

export interface BenchModel {
  readonly network: Network;
  readonly kinds: Readonly<Record<string, DataKind>>;
  readonly data: Readonly<Record<string, Tensor>>;
  /** Rows of a step; steps go through `rows` in order and start again. */
  readonly batch: number;
  readonly rows: number;
}

/** Standard normal numbers. */
export function normals(seed: number, dims: readonly number[]): Tensor & { readonly data: Float32Array } {
  const random = new Random(seed);
  return { type: 'float32', dims, data: Float32Array.from({ length: countOf(dims) }, () => random.normal()) };
}

/** Uniform integers below `limit`. */
export function integers(
  seed: number,
  dims: readonly number[],
  limit: number,
): Tensor & { readonly data: BigInt64Array } {
  const random = new Random(seed);
  const data = BigInt64Array.from({ length: countOf(dims) }, () => BigInt(random.integer(limit)));
  return { type: 'int64', dims, data };
}

/** Random rows `x` of shape `dims` with random classes. */
export function classified(
  network: Network,
  { batch, rows, dims, classes }: { batch: number; rows: number; dims: readonly number[]; classes: number },
): BenchModel {
  const data = { x: normals(1, [rows, ...dims]), y: integers(2, [rows], classes) };
  return { network, kinds: { x: 'rows', y: 'classes' }, data, batch, rows };
}

/**
 * Where all engines start. What a network sets to 0 or 1 is moved a little, so that every parameter bears on the loss
 * from the first step and a mistake in one of them shows.
 */
export function startOf({ network, batch }: BenchModel): { layout: Layout; state: TrainingState } {
  const layout = layoutOf(bindNetwork(network, { K: 1, N: batch }));
  const state = initialState(layout, [1]);
  const random = new Random(2);
  return { layout, state: { ...state, parameters: state.parameters.map((p) => p + 0.02 * random.normal()) } };
}
