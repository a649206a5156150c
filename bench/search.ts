/**
 * Strategies replayed on look-up tables, each table searched with the others as its bank, without a bank, and with a
 * shuffled one; then searches for fronts of the score and the first cost of the tables.
 * `--table DIR … --strategies default,random --priors on,off,shuffled --seeds 0,1,2 --limit 3000 --quick --out r.jsonl`
 * `--families all` (or names) replays on made-up tables instead, of every shape and kinship.
 * `--fidelities 1/9,1/3,1` lets strategies ask for shorter trainings, which are simulated.
 * `--objectives score,latency` searches for fronts alone, of the score and up to two costs; `--free params` tells the
 * costs named without training, as statistics of designs would.
 * `--lines r.jsonl …` sums up what `--out` of earlier runs wrote, in place of replaying.
 */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Proposer } from '#core/proposers/proposer.ts';
import { fidelityProposers, frontProposers, proposerNamed, proposers } from '#core/proposers/registry.ts';
import { type AskTimes, askTimes } from './lib/ask-times.ts';
import { type DesignTable, groupBySpace, readDesignTable, sameSpace, tableFolders } from './lib/design-table.ts';
import type { FrontLine } from './lib/front-replay.ts';
import { frontStudy, YARDSTICK } from './lib/front-study.ts';
import { frontSummary } from './lib/front-summary.ts';
import { keepResult } from './lib/machine.ts';
import { bankOf, LIMIT, nullVerdicts, type Prior, type ReplayLine, randomMedian, replay } from './lib/replay.ts';
import { searchSummary } from './lib/search-summary.ts';
import { simulatedFidelity } from './lib/simulated-fidelity.ts';
import { families, makeFamily } from './lib/table-families.ts';
import { percent } from './lib/text.ts';

const priors: readonly Prior[] = ['on', 'off', 'shuffled'];

/** Tables that are summed up together. */
interface Study {
  readonly title: string;
  readonly searched: readonly DesignTable[];
  /** What their banks are made of, themselves included. */
  readonly known: readonly DesignTable[];
}

interface ReplayPlan {
  readonly strategies: readonly Proposer[];
  readonly priors: readonly Prior[];
  readonly seeds: readonly number[];
  readonly limit: number;
  readonly fidelities: readonly number[] | undefined;
  /** File that lines are appended to. */
  readonly out: string | undefined;
}

/** Trials of a long search. */
const LONG = 5000;

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      table: { type: 'string', multiple: true },
      families: { type: 'string' },
      lines: { type: 'string', multiple: true },
      data: { type: 'string' },
      strategies: { type: 'string' },
      systems: { type: 'string' },
      priors: { type: 'string' },
      seeds: { type: 'string' },
      limit: { type: 'string' },
      objectives: { type: 'string' },
      free: { type: 'string' },
      fidelities: { type: 'string' },
      quick: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  });
  const standard = join(values.data ?? join(import.meta.dirname, '../../shared/data'), 'nasbench');
  const studies = values.families
    ? madeUp(values.families)
    : publishedStudies(values.table ?? [standard], values.quick ? 2 : Number.POSITIVE_INFINITY);
  const named = (values.strategies ?? values.systems)?.split(',').map(proposerNamed);
  const shared = {
    priors: (values.priors?.split(',') ?? priors) as Prior[],
    seeds: (values.seeds ?? (values.quick ? '0' : '0,1,2,3,4,5,6,7,8,9')).split(',').map(Number),
    fidelities: values.fidelities?.split(',').map(shareOf),
    out: values.out,
  };
  const isWhole = !values.quick && !values.table && !values.families && !named && !values.fidelities;
  if (values.out) writeFileSync(values.out, '');
  const earlier = values.lines?.flatMap(readLines);
  const fronts = earlier?.filter((line): line is FrontLine => 'objectives' in line);
  const losses = earlier?.filter((line): line is ReplayLine => !('objectives' in line));
  if (losses ? losses.length > 0 : !values.objectives) {
    const limit = values.limit ? Number(values.limit) : values.quick ? 60 : LIMIT;
    const strategies = named ?? (values.fidelities ? [proposers[0]!, ...fidelityProposers] : proposers);
    const result = studyLosses(studies, { ...shared, strategies, limit }, losses);
    if (isWhole || values.lines) keepResult('search', result);
  }
  if (fronts ? fronts.length > 0 : values.objectives || isWhole) {
    const limit = values.limit ? Number(values.limit) : YARDSTICK;
    // Shuffled banks are read anew for every seed and objective, which takes long: only where asked for.
    const asked = values.priors ? shared.priors : shared.priors.filter((prior) => prior !== 'shuffled');
    const plan = { ...shared, priors: asked, strategies: named ?? frontProposers, limit };
    const free = values.free?.split(',') ?? [];
    const result = studyFronts(studies, plan, { objectives: values.objectives?.split(','), free }, fronts);
    if (isWhole || values.lines) keepResult('search-fronts', { free, ...result });
  }
}

/** Searches for the smallest loss, summed up study by study. */
function studyLosses(studies: readonly Study[], plan: ReplayPlan, lines?: readonly ReplayLine[]) {
  const rows = studies.flatMap(({ title, searched, known }) => {
    const own = lines?.filter((line) => searched.some(({ name }) => name === line.table));
    const random = new Map(
      searched.map(({ name, losses }) => [
        name,
        { toTop01: randomMedian(losses, 0.001), toTop1: randomMedian(losses, 0.01) },
      ]),
    );
    const summary = searchSummary(own ?? replayAll(searched, known, plan), random, plan.limit);
    console.log(`\n${title}\n${summary.text}`);
    return summary.rows.map((row) => ({ tables: title, ...row }));
  });
  const nullBetter = nullVerdicts(
    studies.flatMap(({ searched }) => searched),
    200,
  );
  console.log(`\nDesigns picked at random and called better: ${percent(nullBetter)} of 200 replays`);
  const long = plan.fidelities ? null : longSearch(studies[0]!, plan.strategies.at(-1)!);
  if (long)
    console.log(
      `Asked and told with ${long.trials} trials known: ${long.medianMs.toFixed(1)} ms, at most ${long.worstMs.toFixed(1)} ms`,
    );
  const seeds = lines ? new Set(lines.map(({ seed }) => seed)).size : plan.seeds.length;
  return { seeds, nullBetter, long, rows };
}

/** Times of a search that has lasted long, on the first table with its bank; null where that is short. */
function longSearch({ searched, known }: Study, proposer: Proposer): AskTimes | null {
  const table = searched[0]!;
  const others = known.filter((other) => other !== table && sameSpace(table, other));
  const bank = bankOf(others, 'on', 0);
  return askTimes(
    proposer,
    table,
    { space: table.space, seed: 0, candidates: table.designs, bank, objectives: 1 },
    LONG,
  );
}

interface FrontOptions {
  /** The score, then costs; by default the first cost that a study's tables have. */
  readonly objectives: readonly string[] | undefined;
  /** Costs that are told without training. */
  readonly free: readonly string[];
}

/** Searches for fronts of the score and costs, summed up study by study. */
function studyFronts(
  studies: readonly Study[],
  plan: ReplayPlan,
  { objectives = ['score'], free }: FrontOptions,
  earlier?: readonly FrontLine[],
) {
  const [score, ...asked] = objectives;
  if (score !== 'score' || asked.length > 2)
    throw new RangeError(`--objectives ${objectives.join()}: "score" comes first, then one or two costs.`);
  const rows = studies.flatMap(({ title, searched, known }) => {
    const costs = asked.length > 0 ? asked : [...searched[0]!.costs.keys()].slice(0, 1);
    const own = earlier?.filter((line) => searched.some(({ name }) => name === line.table));
    const lines = own ?? frontStudy(searched, known, { ...plan, costs, free, onLine: (line) => print(line, plan.out) });
    if (lines.length === 0) return [];
    const summary = frontSummary(lines, plan.limit);
    console.log(`\n${title}\n${summary.text}`);
    return summary.rows.map((row) => ({ tables: title, ...row }));
  });
  return { seeds: earlier ? new Set(earlier.map(({ seed }) => seed)).size : plan.seeds.length, rows };
}

/** Each table searched with the others of its space as the bank. */
function replayAll(searched: readonly DesignTable[], known: readonly DesignTable[], plan: ReplayPlan): ReplayLine[] {
  const lines: ReplayLine[] = [];
  const { fidelities } = plan;
  for (const table of searched) {
    const others = known.filter((other) => other !== table && sameSpace(table, other));
    const hint = fidelities && simulatedFidelity(table);
    for (const strategy of plan.strategies) {
      for (const prior of plan.priors) {
        if (prior !== 'off' && (others.length === 0 || strategy.name === 'random')) continue;
        // Shuffles differ by seed; otherwise what the bank knows is worked out once.
        const same = prior === 'shuffled' ? null : bankOf(others, prior, 0);
        for (const seed of plan.seeds) {
          const bank = same ?? bankOf(others, prior, seed);
          const setup = { space: table.space, seed, candidates: table.designs, bank, objectives: 1, fidelities };
          const line = replay(strategy, table, setup, prior, plan.limit, hint);
          lines.push(line);
          print(line, plan.out);
        }
      }
    }
  }
  return lines;
}

function print(line: object, out: string | undefined): void {
  const text = JSON.stringify(line);
  console.log(text);
  if (out) appendFileSync(out, `${text}\n`);
}

function readLines(path: string): (ReplayLine | FrontLine)[] {
  const text = readFileSync(path, 'utf8').trim();
  return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as ReplayLine | FrontLine);
}

/** Tables below the folders, those of one space together. */
function publishedStudies(paths: readonly string[], most: number): Study[] {
  const tables = paths.flatMap(tableFolders).slice(0, most).map(readDesignTable);
  return groupBySpace(tables).map((group) => {
    const names = new Set(group.map(({ name }) => name.split('/')[0]!));
    return { title: [...names].join(', '), searched: group, known: tables };
  });
}

/** Of a family of many tasks, three are searched and all are their bank. */
function madeUp(names: string): Study[] {
  const wanted = names === 'all' ? Object.keys(families) : names.split(',');
  return wanted.map((name, i) => {
    const tables = makeFamily(name, 1000 + i);
    return { title: name, searched: tables.slice(0, 3), known: tables };
  });
}

/** `1/3` or `0.5` as a number. */
function shareOf(text: string): number {
  const [over, under = '1'] = text.split('/');
  const share = Number(over) / Number(under);
  if (!(share > 0 && share <= 1)) throw new RangeError(`--fidelities: "${text}" is not a share of the full training.`);
  return share;
}
