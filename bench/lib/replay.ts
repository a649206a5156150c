/** One search replayed on a look-up table. */
import { Random } from '#core/math/random.ts';
import { designKey } from '#core/proposers/history.ts';
import type { BankTable, Proposer, ProposerSetup } from '#core/proposers/proposer.ts';
import { LEADING, verdictOf } from '#core/proposers/verdict.ts';
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
  /** Whether the leading designs after 60 stand out among random ones by their test scores. */
  readonly verdict: 'better' | 'tie' | 'worse';
  /** Slowest ask but the first, which also encodes the table, milliseconds of processor time. */
  readonly slowestAskMs: number;
}

/** Evaluations before the verdict, and random designs whose test scores it reads. */
const JUDGED = 60;
const RANDOM_ARM = 59;

/** Evaluations after which a search is given up. */
export const LIMIT = 3000;

/**
 * What the other tables know; shuffled: their losses dealt to the wrong designs, which is worth nothing.
 * @param further losses of the further objectives of a table, in the order of its designs
 */
export function bankOf(
  tables: readonly DesignTable[],
  prior: Prior,
  seed: number,
  further: (table: DesignTable) => readonly Float64Array[] = () => [],
): BankTable[] {
  if (prior === 'off') return [];
  return tables.map((table, t) => {
    const { name, keys, losses } = table;
    const order = Array.from(keys.keys());
    if (prior === 'shuffled') new Random(7919 * (seed + 1) + t).shuffle(order);
    const byKey = (values: Float64Array) =>
      new Map(keys.map((key, i) => [key, values[order[i]!]!] as const).filter(([, value]) => Number.isFinite(value)));
    return { name, losses: byKey(losses), further: further(table).map(byKey) };
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

/** The designs with the indices `leading` against random others. */
function verdictOn(table: DesignTable, leading: readonly number[], seed: number): ReplayLine['verdict'] {
  if (leading.length === 0) return 'tie';
  const random = new Random(104729 * (seed + 1));
  const arm = Array.from({ length: RANDOM_ARM }, () => table.test[random.integer(table.test.length)]!);
  return verdictOf(
    leading.map((i) => table.test[i]!),
    arm,
  ).verdict;
}

/** How often designs picked at random are called better, over `runs` replays. */
export function nullVerdicts(tables: readonly DesignTable[], runs: number): number {
  let better = 0;
  for (let run = 0; run < runs; run++) {
    const table = tables[run % tables.length]!;
    const random = new Random(15485863 * (run + 1));
    const picked = Array.from({ length: LEADING }, () => random.integer(table.designs.length));
    if (verdictOn(table, picked, run) === 'better') better++;
  }
  return better / runs;
}

/**
 * Evaluations that a shorter training hints at count as the share that they cost, and only full ones are compared with
 * the bars.
 * @param hint the loss of design `i` after a share of the full training, for searches that ask for it
 */
export function replay(
  proposer: Proposer,
  table: DesignTable,
  setup: ProposerSetup,
  prior: Prior,
  limit = LIMIT,
  hint: (i: number, fidelity: number) => number = (i) => table.losses[i]!,
): ReplayLine {
  const index = new Map(table.keys.map((key, i) => [key, i]));
  const bars = { top01: threshold(table.losses, 0.001), top1: threshold(table.losses, 0.01) };
  const reached: { top01: number | null; top1: number | null } = { top01: null, top1: null };
  const choices: Choice[] = [];
  let state = proposer.init(setup);
  let best = -1;
  let spent = 0;
  let slowestAskMs = 0;
  const most = Math.min(limit, table.designs.length);
  while (spent < most - ROUNDING && (reached.top01 === null || spent < Math.min(100, most) - ROUNDING)) {
    const before = process.threadCpuUsage();
    const asked = proposer.ask(setup, state, 1);
    const { user, system } = process.threadCpuUsage(before);
    if (spent > 0) slowestAskMs = Math.max(slowestAskMs, (user + system) / 1000);
    const [next] = asked.proposed;
    if (!next) break;
    const { design, fidelity = 1 } = next;
    const i = index.get(designKey(design)) ?? -1;
    const loss = fidelity < 1 ? hint(i, fidelity) : table.losses[i]!;
    state = proposer.tell(setup, asked.state, [{ design, losses: i < 0 ? null : [loss], fidelity }]);
    spent += fidelity;
    if (i < 0 || fidelity < 1) continue;
    const count = Math.round(spent * 100) / 100;
    if (best < 0 || table.losses[i]! < table.losses[best]!) best = i;
    if (table.losses[i]! <= bars.top01) reached.top01 ??= count;
    if (table.losses[i]! <= bars.top1) reached.top1 ??= count;
    choices.push({ spent, design: best, evaluated: i });
  }
  const choiceAt = (count: number) => choices.findLast((choice) => choice.spent <= count + ROUNDING)?.design;
  const leadingAt = (count: number) =>
    choices
      .flatMap((choice) => (choice.spent <= count + ROUNDING ? choice.evaluated : []))
      .sort((a, b) => table.losses[a]! - table.losses[b]!)
      .slice(0, LEADING);
  const testAt = (count: number) => {
    const design = spent < count - ROUNDING ? undefined : choiceAt(count);
    return design === undefined ? null : table.test[design]!;
  };
  return {
    table: table.name,
    strategy: proposer.name,
    prior,
    seed: setup.seed,
    toTop01: reached.top01,
    toTop1: reached.top1,
    testAt10: testAt(10),
    testAt60: testAt(60),
    testAt100: testAt(100),
    verdict: verdictOn(table, leadingAt(JUDGED), setup.seed),
    slowestAskMs: Math.round(slowestAskMs * 10) / 10,
  };
}

/** The best by validation once so much was spent. */
interface Choice {
  readonly spent: number;
  readonly design: number;
  /** What was evaluated last. */
  readonly evaluated: number;
}

/** What sums of shares may be off by. */
const ROUNDING = 1e-9;
