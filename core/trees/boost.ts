/** The boosting loop: derive, grow, update, score, stop. Which trees are grown is the business of a `TreeMaker`. */
import { Random } from '../math/random.ts';
import { addTreeScores } from './bin-tree.ts';
import { EarlyStopping } from './early-stopping.ts';
import { joinTrees, type PlacedTree, type TreeEnsemble } from './ensemble.ts';
import { LeafwiseMaker } from './leafwise-maker.ts';
import { automaticRate, type LossName, rateThatFits } from './learning-rate.ts';
import { type Loss, type LossData, logisticLoss, softmaxLoss, squaredLoss } from './losses.ts';
import { poissonLoss, quantileLoss, tweedieLoss } from './number-losses.ts';
import { ObliviousMaker } from './oblivious-maker.ts';
import { type Pace, PacedLoop } from './pace.ts';
import { SharedMaker } from './shared-maker.ts';
import { type BinnedTable, isDirected } from './table.ts';

export interface BoostOptions {
  readonly loss: LossName;
  /** Of the quantile loss, between 0 and 1. */
  readonly level?: number;
  /** Classes of softmax; ignored otherwise. */
  readonly classes: number;
  readonly growth: 'leafwise' | 'oblivious';
  readonly rounds: number;
  readonly learningRate: number | 'auto';
  readonly leaves: number;
  readonly depth: number;
  readonly extraTrees: boolean;
  /** One leaf-wise tree a round for all classes instead of one each. Oblivious trees always are. */
  readonly sharedTrees: boolean;
  readonly featureFraction: number;
  /** Share of rows that each round sees. */
  readonly bagging: number;
  readonly minRows: number;
  readonly minHessian: number;
  readonly l1: number;
  readonly l2: number;
  /** Noise on split scores of oblivious trees, in deviations of the gradient. */
  readonly randomStrength: number;
  /** Newton steps per leaf of oblivious trees under the logistic loss. */
  readonly leafSteps: number;
  readonly seed: number;
  /** A recorded plan, followed instead of the clock. */
  readonly plan?: BoostPlan | undefined;
}

/** What the clock decided. JSON. */
export interface BoostPlan {
  /** Rounds grown before a new learning rate, and that rate. */
  readonly rates: readonly (readonly [number, number])[];
  /** Rounds grown when time was over; null where something else ended training. */
  readonly cut: number | null;
}

export interface HeldOut {
  readonly table: BinnedTable;
  readonly data: LossData;
  /** What stopping watches, smaller is better, from scores laid out output after output; the loss when undefined. */
  readonly watch?: ((scores: Float64Array, data: LossData) => number) | undefined;
  /** Also keeps what the ensemble was at some hundred rounds on the way. */
  readonly checkpoints?: boolean | undefined;
}

/** The ensemble after `round` rounds. */
export interface BoostCheckpoint {
  readonly round: number;
  /** Watched value. */
  readonly loss: number;
  /** Row-major [n, outputs]. */
  readonly heldOutScores: Float64Array;
  readonly ensemble: () => TreeEnsemble;
}

export interface BoostResult {
  readonly ensemble: TreeEnsemble;
  /** Rounds kept. */
  readonly rounds: number;
  /** Rounds grown. */
  readonly grown: number;
  /** Learning rate of the last rounds; above `plannedRate` where the clock asked for fewer rounds. */
  readonly learningRate: number;
  readonly plannedRate: number;
  /** Held-out scores at the round kept, row-major [n, outputs]. */
  readonly heldOutScores: Float64Array | undefined;
  /** Watched value after each round. */
  readonly curve: readonly number[];
  /** Empty unless asked for. */
  readonly checkpoints: readonly BoostCheckpoint[];
  readonly stoppedBy: 'rounds' | 'patience' | 'time' | 'nothing to split';
  readonly plan: BoostPlan;
}

/** One round's trees and the training scores they change. */
export interface TreeMaker {
  /** Grows the trees of one round, scaled by `rate`, adds them to `scores` (output after output) and returns them. */
  round(scores: Float64Array, gradients: Float32Array, hessians: Float32Array, rate: number): Promise<PlacedTree[]>;
}

/** Rounds in a row without a single test before training ends: samples of rows and features may be unlucky. */
const MOST_BARREN = 20;

export function lossOf({ loss, classes, level = 0.5 }: Pick<BoostOptions, 'loss' | 'classes' | 'level'>): Loss {
  switch (loss) {
    case 'softmax':
      return softmaxLoss(classes);
    case 'quantile':
      return quantileLoss(level);
    default:
      return plainLosses[loss];
  }
}

const plainLosses = { squared: squaredLoss, logistic: logisticLoss, poisson: poissonLoss, tweedie: tweedieLoss };

function makerOf(
  train: BinnedTable,
  data: LossData,
  loss: Loss,
  options: BoostOptions,
  random: Random,
  loop: PacedLoop,
): TreeMaker {
  if (loss.outputs > 1 && isDirected(train))
    throw new RangeError('Scores of several classes cannot keep to a direction along a feature.');
  if (options.growth === 'oblivious') return new ObliviousMaker(train, data, loss, options, random, loop);
  if (options.sharedTrees && loss.outputs > 1) return new SharedMaker(train, loss.outputs, options, random, loop);
  return new LeafwiseMaker(train, data, loss, options, random, loop);
}

/**
 * Trains a boosted ensemble.
 * @throws what `pace.rest` rejects with
 */
export async function boost(
  train: BinnedTable,
  data: LossData,
  heldOut: HeldOut | undefined,
  options: BoostOptions,
  pace: Pace,
): Promise<BoostResult> {
  const loss = lossOf(options);
  const loop = new PacedLoop(pace);
  const n = train.rows;
  const base = loss.start(data);
  const scores = fillScores(base, n);
  const gradients = new Float32Array(n * loss.outputs);
  const hessians = new Float32Array(n * loss.outputs);
  const random = new Random(options.seed);
  const maker = makerOf(train, data, loss, options, random, loop);
  const plannedRate =
    options.learningRate === 'auto' ? automaticRate(options.loss, n, options.rounds) : options.learningRate;
  let rate = plannedRate;
  const trees: PlacedTree[] = [];
  const treesAfter: number[] = [0];
  const tracker = heldOut ? new HeldOutTracker(heldOut, loss, base, n, rate) : undefined;
  const { plan } = options;
  const clock = new RoundClock(loop);
  const rates: [number, number][] = [];
  let stoppedBy: BoostResult['stoppedBy'] = 'rounds';
  let barren = 0;
  let round = 0;
  while (round < options.rounds) {
    const next = plan ? rateOfPlan(plan, round, rate) : clock.rateFor(round, rate, options.rounds);
    if (next === null) {
      stoppedBy = 'time';
      break;
    }
    if (next !== rate) rates.push([round, next]);
    rate = next;
    loss.derive(scores, data, gradients, hessians);
    if (loop.spend(n * loss.outputs * 20)) await loop.rest();
    const grown = await maker.round(scores, gradients, hessians, rate);
    barren = grown.every(({ tree }) => tree.nodes === 0) ? barren + 1 : 0;
    if (barren >= MOST_BARREN) {
      stoppedBy = 'nothing to split';
      break;
    }
    trees.push(...grown);
    treesAfter.push(trees.length);
    round++;
    if (!tracker) {
      loop.grown(round, options.rounds);
      continue;
    }
    const units = tracker.add(grown, round);
    loop.grown(round, options.rounds, tracker.stopping.curve.at(-1));
    if (loop.spend(units)) await loop.rest();
    if (tracker.stopping.exhausted(round)) {
      stoppedBy = 'patience';
      break;
    }
  }
  const rounds = tracker ? tracker.stopping.bestRound : round;
  const ensembleAfter = (kept: number) => joinTrees(trees.slice(0, treesAfter[kept]!), train.features, base);
  return {
    ensemble: ensembleAfter(rounds),
    rounds,
    grown: round,
    learningRate: rate,
    plannedRate,
    heldOutScores: tracker?.bestScores(),
    curve: tracker?.stopping.curve ?? [],
    checkpoints: (tracker?.passed ?? []).map((point) => ({ ...point, ensemble: () => ensembleAfter(point.round) })),
    stoppedBy,
    plan: { rates, cut: stoppedBy === 'time' ? round : null },
  };
}

const rateOfPlan = ({ rates, cut }: BoostPlan, round: number, rate: number): number | null =>
  round === cut ? null : (rates.find(([at]) => at === round)?.[1] ?? rate);

/** `base[k]` for each of n rows, output after output. */
function fillScores(base: Float64Array, n: number): Float64Array {
  const scores = new Float64Array(n * base.length);
  base.forEach((value, k) => {
    scores.fill(value, k * n, (k + 1) * n);
  });
  return scores;
}

/** Scores of the held-out rows, now and at the best round. */
class HeldOutTracker {
  readonly stopping: EarlyStopping;
  private readonly heldOut: HeldOut;
  private readonly watch: (scores: Float64Array, data: LossData) => number;
  private readonly scores: Float64Array;
  private readonly best: Float64Array;
  private readonly outputs: number;
  /** Checkpoints so far, about 4 % of rounds apart. */
  readonly passed: Omit<BoostCheckpoint, 'ensemble'>[] = [];
  private nextCheckpoint = 0;

  constructor(heldOut: HeldOut, loss: Loss, base: Float64Array, trainRows: number, rate: number) {
    this.heldOut = heldOut;
    this.watch = heldOut.watch ?? loss.mean;
    this.outputs = loss.outputs;
    this.scores = fillScores(base, heldOut.table.rows);
    this.best = this.scores.slice();
    const scale = Math.min(1, Math.max(0.1, 0.03 / rate));
    const start = this.watch(this.scores, heldOut.data);
    this.stopping = new EarlyStopping(start, trainRows, scale);
    this.pass(0, start);
  }

  private pass(round: number, loss: number): void {
    if (!this.heldOut.checkpoints || round < this.nextCheckpoint) return;
    this.nextCheckpoint = Math.max(round + 1, Math.round(round * 1.04));
    this.passed.push({ round, loss, heldOutScores: this.rowMajor(this.scores) });
  }

  /** Adds a round's trees; returns work units. */
  add(trees: readonly PlacedTree[], round: number): number {
    const { table, data } = this.heldOut;
    const n = table.rows;
    for (const { tree, target } of trees) {
      if (target >= 0) addTreeScores(tree, table, this.scores.subarray(target * n, (target + 1) * n));
      else addTreeScores(tree, table, this.scores);
    }
    const value = this.watch(this.scores, data);
    if (this.stopping.record(round, value)) this.best.set(this.scores);
    this.pass(round, value);
    return n * trees.length * 40;
  }

  /** Row-major [n, outputs]. */
  bestScores(): Float64Array {
    return this.rowMajor(this.best);
  }

  private rowMajor(scores: Float64Array): Float64Array {
    const n = this.heldOut.table.rows;
    const rows = new Float64Array(scores.length);
    for (let k = 0; k < this.outputs; k++) {
      for (let i = 0; i < n; i++) rows[i * this.outputs + k] = scores[k * n + i]!;
    }
    return rows;
  }
}

/** Projects how many rounds the time left allows, from the rounds since the last look. */
class RoundClock {
  private readonly loop: PacedLoop;
  private next = 4;
  private lastRound = 0;
  private lastLeft: number;
  private firstLeft: number;

  constructor(loop: PacedLoop) {
    this.loop = loop;
    this.lastLeft = loop.secondsLeft();
    this.firstLeft = this.lastLeft;
  }

  /** The rate for what follows `round` rounds grown at `rate`; null when time is over. */
  rateFor(round: number, rate: number, most: number): number | null {
    if (!this.due(round)) return rate;
    const affordable = this.affordableRounds(round);
    return affordable < 1 ? null : rateThatFits(rate, round, affordable, most);
  }

  /** Looks at the clock after 4, 8, 16, 32, 64 rounds and then every 32. */
  private due(round: number): boolean {
    if (this.firstLeft === Infinity || round < this.next) return false;
    this.next = round + Math.min(32, round);
    return true;
  }

  /** Zero when the next stretch would not fit. */
  private affordableRounds(round: number): number {
    const left = this.loop.secondsLeft();
    const perRound = Math.max(1e-6, (this.lastLeft - left) / (round - this.lastRound));
    this.lastLeft = left;
    this.lastRound = round;
    const affordable = Math.floor((0.97 * left) / perRound);
    if (affordable < this.next - round) this.next = round + Math.max(1, affordable);
    return affordable;
  }
}
