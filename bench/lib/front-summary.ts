/** Replayed searches for fronts in one table: evaluations to what NSGA-II has at 200, as means over tables and seeds. */
import { type FrontLine, TOLD } from './front-replay.ts';
import { mean, resampledInterval } from './resample.ts';
import { alignedTable } from './text.ts';

export interface FrontRow {
  readonly objectives: string;
  readonly strategy: string;
  readonly prior: string;
  /** Mean over tables of the mean over seeds; a search that never got there counts as the limit. */
  readonly toNsga2: number;
  /** Its 95 % interval over seeds. */
  readonly interval: readonly [number, number];
  /** Of the table on which it took longest. */
  readonly worst: number;
  /** Share of the searches that never got there. */
  readonly missed: number;
  /** Mean share of the true front's hypervolume after 20, 40, 60, 100, 140 and 200 evaluations. */
  readonly shares: readonly (number | null)[];
  readonly slowestAskMs: number;
}

/** 95 % of the means that other seeds might have shown: seeds drawn anew within each table. */
function intervalOf(parts: readonly (readonly number[])[]): [number, number] {
  return resampledInterval(parts, (drawn) => mean(drawn.map(mean)));
}

export function frontSummary(lines: readonly FrontLine[], limit: number): { rows: FrontRow[]; text: string } {
  const groups = Map.groupBy(lines, ({ objectives, strategy, prior }) => `${objectives.join()}\t${strategy}\t${prior}`);
  const rows = [...groups.values()].map((group): FrontRow => {
    const { objectives, strategy, prior } = group[0]!;
    const parts = [...Map.groupBy(group, ({ table }) => table).values()];
    const reached = parts.map((part) => part.map(({ toNsga2 }) => toNsga2 ?? limit));
    const shareAt = (at: number) => {
      const known = group.flatMap(({ shares }) => shares[at] ?? []);
      return known.length === group.length ? mean(known) : null;
    };
    return {
      objectives: objectives.join(),
      strategy,
      prior,
      toNsga2: mean(reached.map(mean)),
      interval: intervalOf(reached),
      worst: Math.max(...reached.map(mean)),
      missed: mean(group.map(({ toNsga2 }) => (toNsga2 === null ? 1 : 0))),
      shares: TOLD.map((_, at) => shareAt(at)),
      slowestAskMs: Math.max(...group.map((line) => line.slowestAskMs)),
    };
  });
  return { rows, text: textOf(rows) };
}

function textOf(rows: readonly FrontRow[]): string {
  const header = ['objectives', 'strategy', 'bank', 'to NSGA-II@200', '95 %', 'worst', 'missed'];
  const cells = [
    [...header, ...TOLD.map((count) => `HV@${count}`), 'ask ms'],
    ...rows.map((row) => [
      row.objectives,
      row.strategy,
      row.prior,
      row.toNsga2.toFixed(1),
      row.interval.map((end) => end.toFixed(1)).join('-'),
      row.worst.toFixed(1),
      row.missed.toFixed(2),
      ...row.shares.map((share) => (share === null ? '-' : share.toFixed(3))),
      row.slowestAskMs.toFixed(0),
    ]),
  ];
  return alignedTable(cells, 'end');
}
