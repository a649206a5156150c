/**
 * Searches for fronts compared: how many evaluations each needs for the hypervolume that NSGA-II has at 200 without a
 * bank, the mean over seeds on each table.
 */
import { designKey } from '#core/proposers/history.ts';
import { nsga2 } from '#core/proposers/nsga2.ts';
import type { BankTable, FreeLoss, Proposer } from '#core/proposers/proposer.ts';
import { type DesignTable, sameSpace } from './design-table.ts';
import { type FrontLine, type FrontTask, frontTask, replayFront, TOLD } from './front-replay.ts';
import { bankOf, type Prior } from './replay.ts';

/** Evaluations of the yardstick. */
export const YARDSTICK = 200;

export interface FrontPlan {
  readonly strategies: readonly Proposer[];
  readonly priors: readonly Prior[];
  readonly seeds: readonly number[];
  readonly limit: number;
  /** Names of costs beside the score. */
  readonly costs: readonly string[];
  /** Of them, those that are told without training. */
  readonly free: readonly string[];
  readonly onLine: (line: FrontLine) => void;
}

/** Every table searched with those of `known` that share its space as the bank. */
export function frontStudy(
  searched: readonly DesignTable[],
  known: readonly DesignTable[],
  plan: FrontPlan,
): FrontLine[] {
  const tasks = new Map(known.map((table) => [table, frontTask(table, plan.costs)]));
  return searched.flatMap((table) => {
    const task = tasks.get(table);
    const others = known.filter((other) => other !== table && sameSpace(table, other) && tasks.get(other));
    const banks = new Map<string, BankTable[]>();
    // Shuffles differ by seed; otherwise what the bank knows is worked out once.
    const bankFor = (prior: Prior, seed: number) => {
      const key = prior === 'shuffled' ? `${prior} ${seed}` : prior;
      const bank = banks.get(key) ?? bankOf(others, prior, seed, (other) => tasks.get(other)!.columns.slice(1));
      banks.set(key, bank);
      return bank;
    };
    return task ? searchesOf(task, others.length > 0 ? plan.priors : ['off'], bankFor, plan) : [];
  });
}

function searchesOf(
  task: FrontTask,
  priors: readonly Prior[],
  bankFor: (prior: Prior, seed: number) => BankTable[],
  plan: FrontPlan,
): FrontLine[] {
  const { table, columns, names } = task;
  const free = columns.map((column, k) => {
    const isFree = k > 0 && plan.free.includes(plan.costs[k - 1]!);
    return isFree ? freeLoss(table, column) : null;
  });
  const search = (strategy: Proposer, prior: Prior, limit: number, bar?: number) =>
    plan.seeds.map((seed) => {
      const setup = {
        space: table.space,
        seed,
        candidates: table.designs,
        bank: bankFor(prior, seed),
        objectives: columns.length,
        free,
      };
      return { seed, ...replayFront(strategy, task, setup, limit, bar) };
    });
  const yardstick = search(nsga2, 'off', YARDSTICK);
  const bar = yardstick.reduce((sum, { shares }) => sum + (shares.at(-1) ?? 0), 0) / yardstick.length;
  return plan.strategies.flatMap((strategy) =>
    priors.flatMap((prior) => {
      if (prior !== 'off' && strategy.name === 'random') return [];
      const isYardstick = strategy === nsga2 && prior === 'off';
      return (isYardstick ? yardstick : search(strategy, prior, plan.limit, bar)).map(
        ({ seed, shares, slowestAskMs }) => {
          const at = shares.findIndex((share) => share >= bar);
          const line: FrontLine = {
            table: table.name,
            objectives: names,
            strategy: strategy.name,
            prior,
            seed,
            toNsga2: at < 0 ? null : at + 1,
            shares: TOLD.map((count) => round(shares[count - 1])),
            slowestAskMs: Math.round(slowestAskMs * 10) / 10,
          };
          plan.onLine(line);
          return line;
        },
      );
    }),
  );
}

const round = (share: number | undefined) => (share === undefined ? null : Math.round(share * 1e4) / 1e4);

/** A cost as the statistics of a design would tell it. */
function freeLoss({ keys }: DesignTable, column: Float64Array): FreeLoss {
  const byKey = new Map(keys.map((key, i) => [key, column[i]!]));
  return (design) => byKey.get(designKey(design)) ?? Number.NaN;
}
