/** The designs that models of the objectives expect to widen the front most. */
import { hypervolumeGain } from '../math/hypervolume.ts';
import { crowdedOrder, firstFront } from '../math/pareto.ts';
import type { Random } from '../math/random.ts';
import type { Design } from '../spaces/space.ts';
import type { TakenKeys } from './candidates.ts';
import type { Fitted } from './expected.ts';
import { frontPool } from './front-pool.ts';
import { type History, type Measured, measured } from './history.ts';
import { type ObjectiveModel, type Outcome, objectiveModel } from './objective-model.ts';
import { typicalReference } from './objectives.ts';
import type { ProposerSetup } from './proposer.ts';

/** Evaluations that models are fitted on: the front and a spread of the others. */
const MOST_FITTED = 120;
/** Designs whose uncertainty is worked out: the best by the crowded comparison of what is expected. */
const SHORT_LIST = 120;

/** By objective, which kernels were chosen; null for what is known for free. */
export type FittedObjectives = readonly (Fitted | null)[];

interface Front {
  readonly all: readonly Measured[];
  readonly best: readonly Measured[];
}

function frontOf(history: History): Front {
  const all = measured(history);
  return { all, best: firstFront(all.map(({ losses }) => losses)).map((i) => all[i]!) };
}

/** What models learn from; failed designs count as the worst by every objective, so that their likes are left alone. */
function chooseFitted({ all, best }: Front, history: History): readonly Measured[] {
  const worst = all.reduce((most, { losses }) => losses.map((loss, k) => Math.max(loss, most[k]!)), all[0]!.losses);
  const failed = Object.values(history.entries).filter(({ losses }) => losses === null);
  const known = [...all, ...failed.map(({ design }) => ({ design, losses: worst }))];
  if (known.length <= MOST_FITTED) return known;
  const kept = new Set<Measured>(best.slice(0, MOST_FITTED / 2));
  const rest = known.filter((each) => !kept.has(each));
  const count = MOST_FITTED - kept.size;
  return [...kept, ...Array.from({ length: count }, (_, i) => rest[Math.floor((i * rest.length) / count)]!)];
}

/** The growth of the front's hypervolume over all that may come out, objectives taken as independent. */
function expectedGain(
  outcomes: readonly (readonly Outcome[])[],
  front: readonly (readonly number[])[],
  reference: readonly number[],
): number {
  const walk = (point: readonly number[]): number => {
    const next = outcomes[point.length];
    if (!next) return hypervolumeGain(point, front, reference);
    return next.reduce((sum, { loss, share }) => sum + share * walk([...point, loss]), 0);
  };
  return walk([]);
}

/** One point per design from one column per objective. */
const pointsOf = (columns: readonly Float64Array[]): number[][] =>
  Array.from(columns[0]!, (_, i) => columns.map((column) => column[i]!));

/**
 * The middle design as expected, and the costliest so far: means of a model are nearer to each other than what they
 * predict, so that they tell the middle of all designs but not the ends.
 */
function referenceOf(columns: readonly Float64Array[], typical: number, all: readonly Measured[]): number[] {
  const expected = typicalReference(columns.map((column) => column.subarray(0, typical)));
  return expected.map((bound, k) =>
    k === 0 ? bound : all.reduce((most, { losses }) => Math.max(most, losses[k]!), bound),
  );
}

/** What the running designs are expected to come to, which the next ones should not repeat. */
function runningPoints(models: readonly ObjectiveModel[], history: History): number[][] {
  const running = Object.values(history.entries).filter(({ losses }) => losses === undefined);
  const designs = running.map(({ design }) => design);
  return designs.length > 0 ? pointsOf(models.map((model) => model.look(designs).expected)) : [];
}

/**
 * Up to `count` new designs by expected hypervolume improvement (Emmerich, Giannakoglou and Naujoks 2006), each under
 * the belief that those before it came out as expected. Null before two evaluations.
 */
export function expectedFront(
  setup: ProposerSetup,
  history: History,
  taken: TakenKeys,
  count: number,
  before: FittedObjectives,
  random: Random,
): { readonly designs: readonly Design[]; readonly fitted: FittedObjectives } | null {
  const front = frontOf(history);
  if (front.all.length < 2) return null;
  const chosen = chooseFitted(front, history);
  const models = Array.from({ length: setup.objectives }, (_, k) =>
    objectiveModel(setup, k, chosen, front.all.length, before[k] ?? null),
  );
  const best = front.best.map(({ design }) => design);
  const { designs, typical } = frontPool(setup, models, best, taken, random);
  const looks = models.map((model) => model.look(designs));
  const columns = looks.map(({ expected }) => expected);
  const reference = referenceOf(columns, typical, front.all);
  const points = pointsOf(columns);
  const short = crowdedOrder(points).slice(0, Math.max(SHORT_LIST, count));
  const outcomes = looks.map((look) => look.outcomes(short));
  const known = [...front.best.map(({ losses }) => losses), ...runningPoints(models, history)];
  const left = new Set(short.keys());
  const picked: Design[] = [];
  while (picked.length < count && left.size > 0) {
    let most = Number.NEGATIVE_INFINITY;
    let next = -1;
    for (const at of left) {
      const gain = expectedGain(
        outcomes.map((of) => of[at]!),
        known,
        reference,
      );
      if (gain <= most) continue;
      most = gain;
      next = at;
    }
    if (next < 0) break;
    left.delete(next);
    picked.push(designs[short[next]!]!);
    known.push(points[short[next]!]!);
  }
  return { designs: picked, fitted: models.map(({ fitted }) => fitted) };
}
