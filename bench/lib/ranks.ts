/** Compares systems over sets and seeds: mean ranks, win rates, normalised loss. */
import { wilsonInterval } from '#core/metrics/proportion.ts';

export interface BenchLine {
  readonly set: string;
  readonly system: string;
  readonly seed: number;
  readonly budget: number;
  readonly metric: string;
  readonly direction: 'maximize' | 'minimize';
  readonly score: number | null;
  /** Every metric of the task, from the same predictions. */
  readonly scores: Readonly<Record<string, number>> | null;
  readonly seconds: number | null;
  readonly bytes: number | null;
  readonly oneRowMs: number | null;
  readonly tenThousandRowsMs: number | null;
  readonly error: string | null;
}

export interface SystemSummary {
  readonly system: string;
  readonly meanRank: number;
  /** Standard error of the mean rank over set and seed pairs. */
  readonly rankError: number;
  /** Share of pairs in which the first system beats this one; ties count half. */
  readonly lostTo: number;
  /** Wilson's interval of that share at 95 %; pairs of one set with several seeds are taken as independent. */
  readonly lostToInterval: readonly number[];
  /** Mean over pairs of the place between the best (0) and the worst (1) score of the pair; a failure counts 1. */
  readonly normalisedLoss: number;
  readonly failures: number;
  readonly medianSeconds: number | null;
  readonly medianBytes: number | null;
  readonly medianOneRowMs: number | null;
  readonly medianTenThousandRowsMs: number | null;
}

const median = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((v): v is number => v !== null).sort((a, b) => a - b);
  return known.length === 0 ? null : (known[known.length >> 1] as number);
};

const value = (line: BenchLine): number =>
  line.score === null ? Number.NEGATIVE_INFINITY : line.direction === 'maximize' ? line.score : -line.score;

/** Places between best (0) and worst (1) of one set and seed. */
function lossesOf(lines: readonly BenchLine[]): Map<string, number> {
  const known = lines.filter((line) => line.score !== null).map(value);
  const [worst, best] = [Math.min(...known), Math.max(...known)];
  const span = Math.max(best - worst, Number.MIN_VALUE);
  return new Map(lines.map((line) => [line.system, line.score === null ? 1 : (best - value(line)) / span]));
}

/** Ranks of one set and seed: 1 is best, ties share their mean rank, failures come last. */
function ranksOf(lines: readonly BenchLine[]): Map<string, number> {
  return new Map(
    lines.map((line) => {
      const better = lines.filter((other) => value(other) > value(line)).length;
      const equal = lines.filter((other) => value(other) === value(line)).length;
      return [line.system, better + (equal + 1) / 2];
    }),
  );
}

const average = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / Math.max(1, list.length);

/** @param first the system whose win rate against the others is counted */
export function summarise(lines: readonly BenchLine[], first: string): SystemSummary[] {
  const pairs = Map.groupBy(lines, (line) => `${line.set}\0${line.seed}`);
  const ranks = [...pairs.values()].map(ranksOf);
  const losses = [...pairs.values()].map(lossesOf);
  return [...new Set(lines.map((line) => line.system))]
    .map((system) => {
      const own = ranks.map((r) => r.get(system)).filter((r): r is number => r !== undefined);
      const mean = average(own);
      const variance = own.reduce((a, b) => a + (b - mean) ** 2, 0) / Math.max(1, own.length - 1);
      const duels = ranks.filter((r) => r.has(system) && r.has(first));
      const wins = duels.reduce(
        (sum, r) => sum + (r.get(first)! < r.get(system)! ? 1 : r.get(first) === r.get(system) ? 0.5 : 0),
        0,
      );
      const { low, high } = wilsonInterval(wins / Math.max(1, duels.length), duels.length);
      const mine = lines.filter((line) => line.system === system);
      return {
        system,
        meanRank: mean,
        rankError: Math.sqrt(variance / own.length),
        lostTo: wins / Math.max(1, duels.length),
        lostToInterval: [low, high],
        normalisedLoss: average(losses.map((l) => l.get(system)).filter((l): l is number => l !== undefined)),
        failures: mine.filter((line) => line.error !== null).length,
        medianSeconds: median(mine.map((line) => line.seconds)),
        medianBytes: median(mine.map((line) => line.bytes)),
        medianOneRowMs: median(mine.map((line) => line.oneRowMs)),
        medianTenThousandRowsMs: median(mine.map((line) => line.tenThousandRowsMs)),
      };
    })
    .sort((a, b) => a.meanRank - b.meanRank);
}
