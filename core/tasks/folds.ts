/** Which rows train and which validate: one plan per task, shared by every trial, so that predictions compare row by row. */
import type { SplitPolicy } from '../contracts/task.ts';
import { Random } from '../math/random.ts';

export interface Fold {
  /** Ascending row numbers. */
  readonly train: Int32Array;
  readonly valid: Int32Array;
}

export interface FoldPlan {
  readonly kind: SplitPolicy['kind'] | 'holdout';
  readonly folds: readonly Fold[];
}

export interface FoldRequest {
  readonly rows: number;
  readonly kind: SplitPolicy['kind'];
  /** Rows of one stratum are spread evenly: class indices, or bins of a numeric target. */
  readonly strata: Int32Array;
  /** Rows with the same number stay together; -1 is a group of its own. */
  readonly groups?: Int32Array | undefined;
  /** For `time`: validation rows lie after all their training rows. */
  readonly times?: Float64Array | undefined;
  readonly budgetSeconds: number;
  readonly seed: number;
}

/** Up to so many classes training takes about as long as with a few. */
const USUAL_CLASSES = 50;

/**
 * Number of folds: 8 on small tables, fewer on large ones and on small budgets, one hold-out where even 3 would starve
 * training of time (TABULAR: 7.3). Rows of hundreds of classes take as long as many times as many of few.
 */
export function foldCount(allRows: number, budgetSeconds: number, classes = 1): number {
  const rows = allRows < 1000 ? allRows : allRows * Math.max(1, classes / USUAL_CLASSES);
  const short = budgetSeconds < 45;
  if (rows < 1000) return 8;
  if (rows <= 10_000) return short ? 5 : 8;
  if (rows <= 30_000) return budgetSeconds >= 120 ? 8 : short ? 3 : 5;
  if (rows <= 100_000) return budgetSeconds >= 120 ? 4 : short ? 1 : 3;
  return budgetSeconds >= 600 ? 3 : 1;
}

/** Plans the folds of a task. Deterministic in its arguments. */
export function planFolds(request: FoldRequest): FoldPlan {
  const { rows, kind, seed } = request;
  const wanted = Math.max(
    1,
    Math.min(foldCount(rows, request.budgetSeconds, strataCount(request.strata)), Math.floor(rows / 2)),
  );
  if (kind === 'time' && request.times) return { kind, folds: timeFolds(request.times, Math.min(wanted, 5)) };
  if (wanted === 1) {
    const share = Math.min(Math.max(10_000, rows * 0.1), 50_000, rows * 0.3) / rows;
    const { train, test } = dealSplit(request.strata, request.groups, share, seed);
    return { kind: kind === 'group' ? 'group' : 'holdout', folds: [{ train, valid: test }] };
  }
  return { kind, folds: dealFolds(request, wanted) };
}

/** Every row validates in one of `count` folds: strata are spread evenly, groups stay together. */
export function dealFolds(
  { strata, groups, seed }: Pick<FoldRequest, 'strata' | 'groups' | 'seed'>,
  count: number,
): Fold[] {
  const fold = deal(strata, groups, new Array(count).fill(1 / count), seed);
  return Array.from({ length: count }, (_, k) => divide(fold, k));
}

/** The same rows in fewer folds: `factor` neighbours become one. Time folds and hold-outs stay as they are. */
export function mergeFolds(plan: FoldPlan, factor: number): FoldPlan {
  if (factor <= 1 || plan.kind === 'time' || plan.folds.length < 2 * factor) return plan;
  const [first] = plan.folds;
  const rows = first!.train.length + first!.valid.length;
  const merged: Fold[] = [];
  for (let k = 0; k < plan.folds.length; k += factor) {
    const inside = new Int32Array(rows).fill(-1);
    for (const fold of plan.folds.slice(k, k + factor)) for (const row of fold.valid) inside[row] = 0;
    merged.push(divide(inside, 0));
  }
  return { kind: plan.kind, folds: merged };
}

/** Rows of fold `k` validate, all others train. */
function divide(fold: Int32Array, k: number): Fold {
  const train: number[] = [];
  const valid: number[] = [];
  for (let row = 0; row < fold.length; row++) (fold[row] === k ? valid : train).push(row);
  return { train: Int32Array.from(train), valid: Int32Array.from(valid) };
}

/** Expanding windows: the last half of time in equal blocks, each validated by what came before it. Ties stay together. */
function timeFolds(times: Float64Array, count: number): Fold[] {
  const order = Int32Array.from(times.keys()).sort((a, b) => times[a]! - times[b]! || a - b);
  const cut = (share: number) => {
    let at = Math.floor(share * order.length);
    while (at > 0 && at < order.length && times[order[at]!] === times[order[at - 1]!]) at++;
    return at;
  };
  const folds: Fold[] = [];
  for (let k = 0; k < count; k++) {
    const from = cut(0.5 + (0.5 * k) / count);
    const to = cut(0.5 + (0.5 * (k + 1)) / count);
    if (to > from && from > 0) folds.push({ train: order.slice(0, from).sort(), valid: order.slice(from, to).sort() });
  }
  if (folds.length === 0)
    throw new RangeError('The time column has too few different values to validate on later rows.');
  return folds;
}

const strataCount = (strata: Int32Array): number => strata.reduce((most, s) => Math.max(most, s + 1), 1);

/**
 * Deals rows to parts of the given shares: group by group in random order, each to the part that lacks most rows of the
 * group's stratum.
 */
function deal(strata: Int32Array, groups: Int32Array | undefined, shares: readonly number[], seed: number): Int32Array {
  const rows = strata.length;
  const count = strataCount(strata);
  const total = new Float64Array(count);
  for (const s of strata) total[s]! += 1;
  const dealt = new Float64Array(count * shares.length);
  const sizes = new Float64Array(shares.length);
  const part = new Int32Array(rows);
  /** The part that lacks most rows of a stratum. */
  const partFor = (s: number): number => {
    let best = 0;
    let need = Number.NEGATIVE_INFINITY;
    for (let p = 0; p < shares.length; p++) {
      const stratumLack = total[s]! * shares[p]! - dealt[s * shares.length + p]!;
      const lack = stratumLack + (1e-3 * (rows * shares[p]! - sizes[p]!)) / rows;
      if (lack > need + 1e-12) {
        need = lack;
        best = p;
      }
    }
    return best;
  };
  const give = (row: number, to: number) => {
    part[row] = to;
    dealt[strata[row]! * shares.length + to]! += 1;
    sizes[to]! += 1;
  };
  const random = new Random(seed);
  if (groups) {
    for (const unit of unitsOf(groups, random)) {
      const to = partFor(strata[unit[0]!]!);
      for (const row of unit) give(row, to);
    }
  } else for (const row of random.shuffle(Int32Array.from(strata.keys()))) give(row, partFor(strata[row]!));
  return part;
}

/** Rows of each group, and rows that are none by themselves, in random order but big groups first: small ones even out what is left. */
function unitsOf(groups: Int32Array, random: Random): number[][] {
  const members = new Map<number, number[]>();
  const units: number[][] = [];
  groups.forEach((group, row) => {
    const known = group < 0 ? undefined : members.get(group);
    if (known) known.push(row);
    else {
      const unit = [row];
      units.push(unit);
      if (group >= 0) members.set(group, unit);
    }
  });
  return random.shuffle(units).sort((a, b) => b.length - a.length);
}

function dealSplit(strata: Int32Array, groups: Int32Array | undefined, fraction: number, seed: number) {
  const part = deal(strata, groups, [1 - fraction, fraction], seed);
  const { train, valid } = divide(part, 1);
  return { train, test: valid };
}

export interface TestRequest extends Omit<FoldRequest, 'budgetSeconds'> {
  readonly fraction: number;
}

/** Splits off the sealed test: stratified, whole groups, or the latest rows. Ascending row numbers. */
export function splitTest(request: TestRequest): { readonly train: Int32Array; readonly test: Int32Array } {
  if (request.kind === 'time' && request.times) {
    const { times } = request;
    const order = Int32Array.from(times.keys()).sort((a, b) => times[a]! - times[b]! || a - b);
    let at = Math.min(order.length - 1, Math.max(1, Math.round((1 - request.fraction) * order.length)));
    while (at > 1 && times[order[at]!] === times[order[at - 1]!]) at--;
    return { train: order.slice(0, at).sort(), test: order.slice(at).sort() };
  }
  return dealSplit(request.strata, request.groups, request.fraction, request.seed);
}
