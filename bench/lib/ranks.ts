/** Compares systems over sets and seeds: mean ranks, win rates, normalised loss. */

export interface BenchLine {
  readonly set: string;
  readonly system: string;
  readonly seed: number;
  readonly budget: number;
  readonly metric: string;
  readonly direction: 'maximize' | 'minimize';
  readonly score: number | null;
  readonly seconds: number | null;
  readonly bytes: number | null;
  readonly oneRowMs: number | null;
  readonly error: string | null;
}

export interface SystemSummary {
  readonly system: string;
  readonly meanRank: number;
  /** Standard error of the mean rank over set and seed pairs. */
  readonly rankError: number;
  /** Share of pairs in which the first system beats this one; ties count half. */
  readonly lostTo: number;
  readonly failures: number;
  readonly medianSeconds: number | null;
  readonly medianBytes: number | null;
  readonly medianOneRowMs: number | null;
}

const median = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((v): v is number => v !== null).sort((a, b) => a - b);
  return known.length === 0 ? null : (known[known.length >> 1] as number);
};

/** Ranks of one set and seed: 1 is best, ties share their mean rank, failures come last. */
function ranksOf(lines: readonly BenchLine[]): Map<string, number> {
  const value = (line: BenchLine) =>
    line.score === null ? Number.NEGATIVE_INFINITY : line.direction === 'maximize' ? line.score : -line.score;
  return new Map(
    lines.map((line) => {
      const better = lines.filter((other) => value(other) > value(line)).length;
      const equal = lines.filter((other) => value(other) === value(line)).length;
      return [line.system, better + (equal + 1) / 2];
    }),
  );
}

/** @param first the system whose win rate against the others is counted */
export function summarise(lines: readonly BenchLine[], first: string): SystemSummary[] {
  const pairs = Map.groupBy(lines, (line) => `${line.set}\0${line.seed}`);
  const ranks = [...pairs.values()].map(ranksOf);
  return [...new Set(lines.map((line) => line.system))]
    .map((system) => {
      const own = ranks.map((r) => r.get(system)).filter((r): r is number => r !== undefined);
      const mean = own.reduce((a, b) => a + b, 0) / own.length;
      const variance = own.reduce((a, b) => a + (b - mean) ** 2, 0) / Math.max(1, own.length - 1);
      const duels = ranks.filter((r) => r.has(system) && r.has(first));
      const wins = duels.reduce(
        (sum, r) => sum + (r.get(first)! < r.get(system)! ? 1 : r.get(first) === r.get(system) ? 0.5 : 0),
        0,
      );
      const mine = lines.filter((line) => line.system === system);
      return {
        system,
        meanRank: mean,
        rankError: Math.sqrt(variance / own.length),
        lostTo: wins / Math.max(1, duels.length),
        failures: mine.filter((line) => line.error !== null).length,
        medianSeconds: median(mine.map((line) => line.seconds)),
        medianBytes: median(mine.map((line) => line.bytes)),
        medianOneRowMs: median(mine.map((line) => line.oneRowMs)),
      };
    })
    .sort((a, b) => a.meanRank - b.meanRank);
}
