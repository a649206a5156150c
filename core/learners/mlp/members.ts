/** The networks that train side by side: one or several a fold, each with random streams and rows of its own. */
import type { FitContext } from '../../contracts/learner.ts';
import type { Runtime, Tensor } from '../../contracts/runtime.ts';
import { bindNetwork, type Network } from '../../ir/network.ts';
import { Random } from '../../math/random.ts';
import type { Fold } from '../../tasks/folds.ts';
import { Evaluator } from '../../train/evaluator.ts';
import { type Layout, layoutOf } from '../../train/layout.ts';
import { initialState, type TrainingState } from '../../train/state.ts';
import { linearLayers } from './architecture.ts';
import type { MlpDesign } from './design.ts';
import { EMBEDDING } from './network.ts';
import type { MlpPreparation } from './preparation.ts';
import { startOnData } from './start.ts';

/** Training rows that the data-dependent start looks at. */
const START_ROWS = 512;

export interface Member {
  readonly seed: number;
  /** Training rows. */
  readonly rows: Int32Array;
}

/** The members of some folds, those of one fold next to each other; the first of a fold has the fold's own seed. */
export function membersOf(design: MlpDesign, folds: readonly Fold[], contexts: readonly FitContext[]): Member[] {
  return folds.flatMap(({ train }, f) =>
    Array.from({ length: design.seeds }, (_, s) => ({
      seed: (contexts[f]!.seed + Math.imul(s, 0x85ebca6b)) >>> 0,
      rows: train,
    })),
  );
}

/** The state before the first step; every member starts on rows of its own. */
export async function startMembers(
  runtime: Runtime,
  network: Network,
  preparation: MlpPreparation,
  design: MlpDesign,
  matrix: Readonly<Record<string, Tensor>>,
  members: readonly Member[],
): Promise<TrainingState> {
  const layout = layoutOf(bindNetwork(network, { K: 1 }));
  const total = members.length * layout.size;
  const parameters = new Float32Array(total);
  const outputs = Object.keys(network.outputs).filter((name) => name.endsWith('.pre'));
  const probe = await Evaluator.create(runtime, network, 1, Object.keys(matrix), outputs, matrix);
  try {
    for (const [k, { seed, rows }] of members.entries()) {
      const state = initialState(layout, [seed]);
      forgetUnseen(state, layout, preparation);
      const sample = new Random(seed + 2).shuffle(rows.slice()).subarray(0, START_ROWS);
      await startOnData(state, layout, linearLayers(design), probe, BigInt64Array.from(sample, BigInt), seed + 3);
      parameters.set(state.parameters, k * layout.size);
    }
  } finally {
    await probe.dispose();
  }
  return { parameters, first: new Float32Array(total), second: new Float32Array(total), step: 0 };
}

/** Codes that training never sees read a row of zeros: nothing is known about them, and no gradient moves it. */
function forgetUnseen({ parameters }: TrainingState, layout: Layout, preparation: MlpPreparation): void {
  const table = layout.entries.find((e) => e.name === 'embedding');
  for (const { first } of table ? preparation.embedded : []) {
    const from = table!.offset + first * EMBEDDING;
    parameters.fill(0, from, from + EMBEDDING);
  }
}
