/** What is expected of designs by one objective of several, in the units of its loss. */
import { type DesignRows, takeRows } from '../predictors/design-kernel.ts';
import { fitDesignModel } from '../predictors/design-model.ts';
import { normalScores } from '../predictors/normal-scores.ts';
import { linearMeans } from '../predictors/sieve.ts';
import type { Design } from '../spaces/space.ts';
import { keysOf, searchSpaceOf } from './candidates.ts';
import { type Fitted, keptFit } from './expected.ts';
import type { Measured } from './history.ts';
import { freeLossesOf, setupOfObjective } from './objectives.ts';
import type { FreeLoss, ProposerSetup } from './proposer.ts';

/** A loss that may come of a design, and its probability. */
export interface Outcome {
  readonly loss: number;
  readonly share: number;
}

export interface ObjectiveModel {
  /** Which kernels a learned model weighs; null where nothing had to be learned. */
  readonly fitted: Fitted | null;
  /** Expected losses of all listed designs, roughly, up to scale and constant; null where nothing can be said. */
  glance(): Float64Array | null;
  /** What is expected of `designs`, and of those at the indices `picked` with its uncertainty. */
  look(designs: readonly Design[]): {
    readonly expected: Float64Array;
    outcomes(picked: readonly number[]): (readonly Outcome[])[];
  };
}

/** Nodes and weights of the Gauss-Hermite quadrature of three points for a standard normal variable. */
const NODES: readonly (readonly [number, number])[] = [
  [-Math.sqrt(3), 1 / 6],
  [0, 2 / 3],
  [Math.sqrt(3), 1 / 6],
];
/** Deviations are taken this much larger: a model leaves out what it calls noise, which is a design's own here. */
const SPREAD = 1.5;
/** Below this share of the prediction the bank is not asked which designs are worth a look. */
const TRUSTED = 0.3;

/** The loss of objective `k`, known for free or learned from at least two evaluations. */
export function objectiveModel(
  setup: ProposerSetup,
  k: number,
  chosen: readonly Measured[],
  count: number,
  before: Fitted | null,
): ObjectiveModel {
  const free = setup.free?.[k];
  return free ? freeModel(setup, free) : learnedModel(setupOfObjective(setup, k), k, chosen, count, before);
}

function freeModel({ candidates }: ProposerSetup, free: FreeLoss): ObjectiveModel {
  return {
    fitted: null,
    glance: () => (candidates ? freeLossesOf(free, candidates) : null),
    look(designs) {
      const expected = Float64Array.from(designs, free);
      return { expected, outcomes: (picked) => picked.map((i) => [{ loss: expected[i]!, share: 1 }]) };
    },
  };
}

/**
 * @param setup of this objective alone
 * @param count evaluations in all, of which `chosen` are fitted
 */
function learnedModel(
  setup: ProposerSetup,
  k: number,
  chosen: readonly Measured[],
  count: number,
  before: Fitted | null,
): ObjectiveModel {
  const space = searchSpaceOf(setup);
  const known = space.rowsOf(chosen.map(({ design }) => design));
  const losses = chosen.map((each) => each.losses[k]!);
  const scores = normalScores(losses);
  const kept = keptFit(before, count);
  const model = fitDesignModel(space.kernel, known, losses, kept?.choices);
  const lossAt = scoreToLoss(scores, losses);
  const { listed } = space;
  const rowsOf = (designs: readonly Design[]): DesignRows => {
    if (!listed) return space.rowsOf(designs);
    const { indexOf } = keysOf(listed.designs);
    return takeRows(
      listed.rows,
      keysOf(designs).keys.map((key) => indexOf.get(key)!),
    );
  };
  return {
    fitted: kept ?? { choices: model.choices, count },
    glance: () => listed && linearMeans(space.kernel, known, scores, listed.rows, model.trust > TRUSTED),
    look(designs) {
      const rows = rowsOf(designs);
      return {
        expected: model.means(rows).map(lossAt),
        outcomes(picked) {
          const { mean, deviation } = model.predict(takeRows(rows, picked));
          return picked.map((_, at) =>
            NODES.map(([node, share]) => ({ loss: lossAt(mean[at]! + SPREAD * node * deviation[at]!), share })),
          );
        },
      };
    },
  };
}

/**
 * The loss that a normal score stands for: linear between the evaluated ones, and beyond them as steep as the quarter of
 * them at that end.
 */
export function scoreToLoss(scores: ArrayLike<number>, losses: readonly number[]): (score: number) => number {
  const order = Array.from(losses.keys()).sort((a, b) => scores[a]! - scores[b]!);
  const [x, y] = [order.map((i) => scores[i]!), order.map((i) => losses[i]!)];
  const last = order.length - 1;
  const slope = (a: number, b: number) => (x[b]! > x[a]! ? (y[b]! - y[a]!) / (x[b]! - x[a]!) : 0);
  const quarter = Math.max(1, Math.ceil(last / 4));
  const [first, final] = [slope(0, Math.min(quarter, last)), slope(Math.max(0, last - quarter), last)];
  return (score) => {
    if (!(score > x[0]!)) return y[0]! + first * (score - x[0]!);
    if (score >= x[last]!) return y[last]! + final * (score - x[last]!);
    let [low, high] = [0, last];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (x[middle]! < score) low = middle;
      else high = middle;
    }
    return y[low]! + slope(low, high) * (score - x[low]!);
  };
}
