/** One search replayed on a look-up table. */
import { Random } from '#core/math/random.ts';
import { designKey } from '#core/proposers/history.ts';
import type { BankTable, Proposer, ProposerSetup } from '#core/proposers/proposer.ts';
import { verdictOf } from '#core/proposers/verdict.ts';
import type { DesignTable } from './design-table.ts';

export type Prior = 'on' | 'off' | 'shuffled';

export interface ReplayLine {
  readonly table: string;
  readonly strategy: string;
  readonly prior: Prior;
  readonly seed: number;
  /** Evaluations until one of the top 0.1 % (1 %) by validation was evaluated; null if not within the limit. */
  readonly toTop01: number | null;
  readonly toTop1: number | null;
  /** Test score of the best by validation after so many evaluations. */
  readonly testAt10: number | null;
  readonly testAt60: number | null;
  readonly testAt100: number | null;
  /** Whether the choice after 60 stands out among random designs by their test scores. */
  readonly verdict: 'better' | 'tie' | 'worse';
  /** Slowest ask but the first, which also encodes the table, milliseconds. */
  readonly slowestAskMs: number;
}

/** Evaluations before the verdict, and random designs whose test scores it reads. */
const JUDGED = 60;
const RANDOM_ARM = 59;

/** Evaluations after which a search is given up. */
export const LIMIT = 3000;

/** What the other tables know; shuffled: their losses dealt to the wrong designs, which is worth nothing. */
export function bankOf(tables: readonly DesignTable[], prior: Prior, seed: number): BankTable[] {
  if (prior === 'off') return [];
  return tables.map(({ name, keys, losses }, t) => {
    const values = losses.slice();
    if (prior === 'shuffled') new Random(7919 * (seed + 1) + t).shuffle(values);
    return { name, losses: new Map(keys.map((key, i) => [key, values[i]!])) };
  });
}

/** Loss that the best `share` of the designs reach. */
function threshold(losses: Float64Array, share: number): number {
  const sorted = losses.slice().sort();
  return sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1]!;
}

/** Median evaluations of uniform draws without repeats until one of the best `share`; exact. */
export function randomMedian(losses: Float64Array, share: number): number {
  const bar = threshold(losses, share);
  const hits = losses.reduce((sum, loss) => sum + (loss <= bar ? 1 : 0), 0);
  let missed = 1;
  let count = 0;
  while (missed > 0.5) {
    missed *= 1 - hits / (losses.length - count);
    count++;
  }
  return count;
}

/** The design with index `chosen` against random others. */
function verdictOn(table: DesignTable, chosen: number, seed: number): ReplayLine['verdict'] {
  if (chosen < 0) return 'tie';
  const random = new Random(104729 * (seed + 1));
  const arm = Array.from({ length: RANDOM_ARM }, () => table.test[random.integer(table.test.length)]!);
  return verdictOf(table.test[chosen]!, arm).verdict;
}

/** How often a design picked at random is called better, over `runs` replays. */
export function nullVerdicts(tables: readonly DesignTable[], runs: number): number {
  let better = 0;
  for (let run = 0; run < runs; run++) {
    const table = tables[run % tables.length]!;
    const pick = new Random(15485863 * (run + 1)).integer(table.designs.length);
    if (verdictOn(table, pick, run) === 'better') better++;
  }
  return better / runs;
}

export function replay(
  proposer: Proposer,
  table: DesignTable,
  setup: ProposerSetup,
  prior: Prior,
  limit = LIMIT,
): ReplayLine {
  const index = new Map(table.keys.map((key, i) => [key, i]));
  const bars = { top01: threshold(table.losses, 0.001), top1: threshold(table.losses, 0.01) };
  const reached: { top01: number | null; top1: number | null } = { top01: null, top1: null };
  const tests: Record<number, number> = {};
  let state = proposer.init(setup);
  let best = -1;
  let chosen = -1;
  let count = 0;
  let slowestAskMs = 0;
  const most = Math.min(limit, table.designs.length);
  while (count < most && (reached.top01 === null || count < Math.min(100, most))) {
    const before = performance.now();
    const asked = proposer.ask(setup, state, 1);
    if (count > 0) slowestAskMs = Math.max(slowestAskMs, performance.now() - before);
    const [next] = asked.proposed;
    if (!next) break;
    const i = index.get(designKey(next.design)) ?? -1;
    state = proposer.tell(setup, asked.state, [{ design: next.design, losses: i < 0 ? null : [table.losses[i]!] }]);
    count++;
    if (i < 0) continue;
    if (best < 0 || table.losses[i]! < table.losses[best]!) best = i;
    if (table.losses[i]! <= bars.top01) reached.top01 ??= count;
    if (table.losses[i]! <= bars.top1) reached.top1 ??= count;
    tests[count] = table.test[best]!;
    if (count <= JUDGED) chosen = best;
  }
  return {
    table: table.name,
    strategy: proposer.name,
    prior,
    seed: setup.seed,
    toTop01: reached.top01,
    toTop1: reached.top1,
    testAt10: tests[10] ?? null,
    testAt60: tests[60] ?? null,
    testAt100: tests[100] ?? null,
    verdict: verdictOn(table, chosen, setup.seed),
    slowestAskMs: Math.round(slowestAskMs * 10) / 10,
  };
}
