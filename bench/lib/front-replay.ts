/** One search for a front of several objectives, replayed on a look-up table. */
import { hypervolume, hypervolumeGain } from '#core/math/hypervolume.ts';
import { firstFront } from '#core/math/pareto.ts';
import { designKey } from '#core/proposers/history.ts';
import { typicalReference } from '#core/proposers/objectives.ts';
import type { Proposer, ProposerSetup } from '#core/proposers/proposer.ts';
import type { DesignTable } from './design-table.ts';
import type { Prior } from './replay.ts';

/** Evaluations after which the share of the true front's hypervolume is told. */
export const TOLD = [20, 40, 60, 100, 140, 200] as const;

/** A table as a task of several objectives. */
export interface FrontTask {
  readonly table: DesignTable;
  /** The score first; costs on a logarithmic scale where all are positive. */
  readonly columns: readonly Float64Array[];
  readonly names: readonly string[];
  /** The middle score, and costs that 95 % of the designs stay below. */
  readonly reference: readonly number[];
  /** Hypervolume of the true front. */
  readonly whole: number;
}

export interface FrontLine {
  readonly table: string;
  readonly objectives: readonly string[];
  readonly strategy: string;
  readonly prior: Prior;
  readonly seed: number;
  /** Evaluations until the mean hypervolume of NSGA-II after 200 was reached without a bank; null if not within the limit. */
  readonly toNsga2: number | null;
  /** Share of the true front's hypervolume after `TOLD` evaluations; null where the search ended before. */
  readonly shares: readonly (number | null)[];
  readonly slowestAskMs: number;
}

/** The cost of that name, or of that name and a unit: `params` finds `params_m`. */
function costNamed({ costs }: DesignTable, name: string): [string, Float64Array] | undefined {
  return [...costs].find(([known]) => known === name) ?? [...costs].find(([known]) => known.startsWith(`${name}_`));
}

/** The table with `score` and the costs named; null where it lacks one. */
export function frontTask(table: DesignTable, costs: readonly string[]): FrontTask | null {
  const found = costs.map((name) => costNamed(table, name));
  const named = found.filter((each) => each !== undefined);
  if (named.length < costs.length) return null;
  const scaled = named.map(([, values]) => (values.every((value) => value > 0) ? values.map(Math.log) : values));
  const columns = [table.losses, ...scaled];
  const reference = typicalReference(columns.map((column) => column.filter(Number.isFinite)));
  const points = table.losses.reduce<number[][]>((all, _, i) => {
    const point = columns.map((column) => column[i]!);
    if (point.every(Number.isFinite)) all.push(point);
    return all;
  }, []);
  const front = firstFront(points).map((i) => points[i]!);
  const names = ['score', ...named.map(([name]) => name)];
  return { table, columns, names, reference, whole: hypervolume(front, reference) };
}

/** Evaluations that every search makes, however soon it reached its bar. */
const LEAST = 100;

/**
 * Share of the true front's hypervolume after each evaluation, and the slowest ask but the first in milliseconds.
 * @param bar a share at which the search may end before the limit
 */
export function replayFront(
  proposer: Proposer,
  { table, columns, reference, whole }: FrontTask,
  setup: ProposerSetup,
  limit: number,
  bar = Number.POSITIVE_INFINITY,
): { readonly shares: readonly number[]; readonly slowestAskMs: number } {
  const index = new Map(table.keys.map((key, i) => [key, i]));
  const shares: number[] = [];
  let front: number[][] = [];
  let covered = 0;
  let state = proposer.init(setup);
  let slowestAskMs = 0;
  while (shares.length < limit && (shares.length < LEAST || shares.at(-1)! < bar)) {
    const before = performance.now();
    const asked = proposer.ask(setup, state, 1);
    if (shares.length > 0) slowestAskMs = Math.max(slowestAskMs, performance.now() - before);
    const [next] = asked.proposed;
    if (!next) break;
    const i = index.get(designKey(next.design));
    const point = i === undefined ? [] : columns.map((column) => column[i]!);
    const losses = point.length > 0 && point.every(Number.isFinite) ? point : null;
    state = proposer.tell(setup, asked.state, [{ design: next.design, losses }]);
    const gain = losses ? hypervolumeGain(losses, front, reference) : 0;
    if (losses && gain > 0) {
      covered += gain;
      front = [...front, losses];
      front = firstFront(front).map((at) => front[at]!);
    }
    shares.push(covered / whole);
  }
  return { shares, slowestAskMs };
}
