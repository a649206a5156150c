/** The designs that a proposer chooses from, and what the bank knows of them, encoded once per search. */
import type { Random } from '../math/random.ts';
import { agreementOf } from '../predictors/agreement.ts';
import { bankMean, DesignKernel, type DesignRows } from '../predictors/design-kernel.ts';
import { closedLast, type Encoding, encodingOf } from '../predictors/encoding.ts';
import { normalScores } from '../predictors/normal-scores.ts';
import { optionTablesOf } from '../predictors/option-tables.ts';
import { fitSurfaces } from '../predictors/surfaces.ts';
import { type Design, mutateDesign, type Space, sampleDesign } from '../spaces/space.ts';
import { designKey } from './history.ts';
import type { BankTable, ProposerSetup } from './proposer.ts';

/** Designs with their rows. */
export interface ListedDesigns {
  readonly designs: readonly Design[];
  readonly rows: DesignRows;
  /** The rows with the scores of the bank as they were measured; in `rows` they count less where options do not explain them. */
  readonly measured: DesignRows;
  /** Indices by mean score in the bank, best first; empty without a bank. */
  readonly byBank: readonly number[];
}

export interface SearchSpace {
  readonly kernel: DesignKernel;
  /** All designs that can be evaluated, where they are listed; else null. */
  readonly listed: ListedDesigns | null;
  /** Designs that a bank can recommend: the listed ones, else its own. */
  readonly recommended: ListedDesigns;
  rowsOf(designs: readonly Design[], keys?: readonly string[]): DesignRows;
  /** Their levels by decision alone, for who asks the bank nothing. */
  codesOf(designs: readonly Design[]): Uint8Array;
}

interface Keyed {
  readonly designs: readonly Design[];
  readonly keys: readonly string[];
}

/** Designs of a bank that are learned from at most. */
const MOST_LEARNED = 30_000;

/** By bank, then by list of designs or space: searches with other seeds share the work. */
const cache = new WeakMap<readonly BankTable[], WeakMap<object, SearchSpace>>();
const keyCache = new WeakMap<
  readonly Design[],
  { readonly keys: readonly string[]; readonly indexOf: ReadonlyMap<string, number> }
>();
const scoreCache = new WeakMap<BankTable['losses'], ReadonlyMap<string, number>>();
const codeCache = new WeakMap<readonly Design[], { readonly space: Space; readonly codes: Uint8Array }>();

/** Keys of a list of designs and where each stands, remembered with the list. */
export function keysOf(designs: readonly Design[]) {
  let found = keyCache.get(designs);
  if (!found) {
    const keys = designs.map(designKey);
    found = { keys, indexOf: new Map(keys.map((key, i) => [key, i])) };
    keyCache.set(designs, found);
  }
  return found;
}

/** Normal scores of a task's designs by key, remembered with the task. */
function scoresOf(losses: BankTable['losses']): ReadonlyMap<string, number> {
  let found = scoreCache.get(losses);
  if (!found) {
    const scores = normalScores([...losses.values()]);
    // 0 stands for unknown.
    found = new Map([...losses.keys()].map((key, i) => [key, scores[i]! || 1e-9]));
    scoreCache.set(losses, found);
  }
  return found;
}

function codesOf(space: Space, encoding: Encoding, designs: readonly Design[], remember: boolean): Uint8Array {
  const known = codeCache.get(designs);
  if (known?.space === space) return known.codes;
  const width = encoding.columns.length;
  const codes = new Uint8Array(designs.length * width);
  designs.forEach((design, i) => {
    codes.set(encoding.encode(design), i * width);
  });
  if (remember) codeCache.set(designs, { space, codes });
  return codes;
}

/** Everything that follows from the setup alone; remembered, since states are JSON and hold none of it. */
export function searchSpaceOf(setup: ProposerSetup): SearchSpace {
  const { space, candidates } = setup;
  const ofBank = cache.get(setup.bank) ?? new WeakMap<object, SearchSpace>();
  const known = ofBank.get(candidates ?? space);
  if (known) return known;
  const encoding = encodingOf(space);
  const scores = setup.bank.map(({ losses }) => scoresOf(losses));
  const tasks = scores.length;
  const rawRows = (designs: readonly Design[], keys: readonly string[], remember: boolean): DesignRows => {
    const bank = new Float32Array(designs.length * tasks);
    keys.forEach((key, i) => {
      scores.forEach((of, t) => {
        bank[i * tasks + t] = of.get(key) ?? 0;
      });
    });
    return { count: designs.length, codes: codesOf(space, encoding, designs, remember), bank, tasks };
  };
  const listed = candidates && { designs: candidates, keys: keysOf(candidates).keys };
  const taught = taughtDesigns(setup, listed);
  const taughtRows = tasks > 0 ? rawRows(taught.designs, taught.keys, taught.designs === candidates) : null;
  const { length: columns } = encoding.columns;
  const tables = optionTablesOf(encoding, taughtRows);
  const learned = taughtRows && learnScores(taughtRows, columns, tables.size);
  const kernel = new DesignKernel(tables, columns, learned?.agreement.lean);
  const fill = (rows: DesignRows, detail = learned?.agreement.detail ?? 1) =>
    learned ? learned.surfaces.fill(rows, kernel.levelsOf(rows), detail) : rows;
  const rowsOf = (designs: readonly Design[], keys: readonly string[] = designs.map(designKey)): DesignRows =>
    fill(rawRows(designs, keys, false));
  const withRows = ({ designs, keys }: Keyed): ListedDesigns => {
    const raw = taughtRows && designs === taught.designs ? taughtRows : rawRows(designs, keys, designs === candidates);
    const rows = fill(raw);
    const mean = Float64Array.from({ length: tasks > 0 ? rows.count : 0 }, (_, i) => bankMean(rows, i));
    const measured = fill(raw, 1);
    return { designs, rows, measured, byBank: Array.from(mean.keys()).sort((a, b) => mean[a]! - mean[b]!) };
  };
  const all = listed ? withRows(listed) : null;
  const result: SearchSpace = {
    kernel,
    listed: all,
    recommended: all ?? withRows(taught),
    rowsOf,
    codesOf: (designs) => codesOf(space, encoding, designs, false),
  };
  cache.set(setup.bank, ofBank.set(candidates ?? space, result));
  return result;
}

/** What options explain of the bank's scores, and how far its tasks agree in that and in the rest. */
function learnScores(taught: DesignRows, columns: number, size: number) {
  const levels = closedLast(taught.codes, size);
  const surfaces = fitSurfaces(taught, levels, columns, size);
  return { surfaces, agreement: agreementOf(taught, surfaces.fill(taught, levels, 0)) };
}

/** The designs that the bank's tasks evaluated, each once. */
function taughtDesigns({ bank }: ProposerSetup, listed: Keyed | undefined): Keyed {
  const keys = new Set<string>();
  for (const { losses } of bank) for (const key of losses.keys()) keys.add(key);
  if (listed && listed.keys.length >= 0.8 * keys.size) return listed;
  const kept = [...keys].slice(0, MOST_LEARNED);
  return { keys: kept, designs: kept.map((key) => Object.fromEntries(JSON.parse(key)) as Design) };
}

/** A design that is not in `taken`, drawn from the list or the space; null when thirty draws find none. */
export function drawNew(setup: ProposerSetup, taken: Taken, random: Random): Design | null {
  const { candidates } = setup;
  if (candidates) {
    const { keys } = keysOf(candidates);
    for (let draw = 0; draw < 60; draw++) {
      const i = random.integer(candidates.length);
      if (!taken.has(keys[i]!)) return candidates[i]!;
    }
    const open = candidates.filter((_, i) => !taken.has(keys[i]!));
    return open[random.integer(open.length)] ?? null;
  }
  for (let draw = 0; draw < 30; draw++) {
    const design = sampleDesign(setup.space, random);
    if (!taken.has(designKey(design))) return design;
  }
  return null;
}

/** What was proposed already, by key. */
export interface Taken {
  has(key: string): boolean;
}

export interface TakenKeys extends Taken {
  keys(): Iterable<string>;
}

/** Whether a design can be evaluated at all, as far as is known beforehand. */
export function isListed(setup: ProposerSetup, key: string): boolean {
  return setup.candidates ? keysOf(setup.candidates).indexOf.has(key) : true;
}

/** A mutation of `parent` by one decision, new and possible; null when forty draws find none. */
export function mutateNew(
  setup: ProposerSetup,
  parent: Design,
  taken: Taken,
  random: Random,
): { readonly design: Design; readonly changed: string } | null {
  for (let draw = 0; draw < 40; draw++) {
    const mutated = mutateDesign(setup.space, parent, random);
    if (!mutated) return null;
    const key = designKey(mutated.design);
    if (!taken.has(key) && isListed(setup, key)) return mutated;
  }
  return null;
}
