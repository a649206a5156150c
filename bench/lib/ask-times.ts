/** How long a long search waits for its next design. */
import { Random } from '#core/math/random.ts';
import { designKey } from '#core/proposers/history.ts';
import type { Proposer, ProposerSetup } from '#core/proposers/proposer.ts';
import type { DesignTable } from './design-table.ts';

export interface AskTimes {
  /** Trials that were known before. */
  readonly trials: number;
  /** Processor time of one design asked for and its outcome told, milliseconds. */
  readonly medianMs: number;
  readonly worstMs: number;
}

/** Rounds that are timed, after some that encode the table and that a fresh process spends on compiling the model. */
const ROUNDS = 200;
const WARM_UP = 10;

/** Times of a proposer that knows `trials` random designs of the table; null where the table is too short. */
export function askTimes(
  proposer: Proposer,
  table: DesignTable,
  setup: ProposerSetup,
  trials: number,
): AskTimes | null {
  if (table.designs.length < trials + WARM_UP + ROUNDS) return null;
  const index = new Map(table.keys.map((key, i) => [key, i]));
  const outcome = (i: number) => ({ design: table.designs[i]!, losses: [table.losses[i]!] });
  const known = new Random(setup.seed).shuffle(Array.from(table.designs.keys())).slice(0, trials);
  let state = proposer.tell(setup, proposer.init(setup), known.map(outcome));
  const times: number[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    const before = process.threadCpuUsage();
    const asked = proposer.ask(setup, state, 1);
    const [next] = asked.proposed;
    if (!next) break;
    state = proposer.tell(setup, asked.state, [outcome(index.get(designKey(next.design))!)]);
    const { user, system } = process.threadCpuUsage(before);
    if (round >= WARM_UP) times.push((user + system) / 1000);
  }
  times.sort((a, b) => a - b);
  return { trials, medianMs: times[times.length >> 1]!, worstMs: times.at(-1)! };
}
