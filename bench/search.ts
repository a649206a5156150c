/**
 * Strategies replayed on look-up tables, each table searched with the others as its bank, without a bank, and with a
 * shuffled one. `--families all` (or names) replays on made-up tables instead, of every shape and kinship.
 * `--lines r.jsonl …` sums up what `--out` of earlier runs wrote, in place of replaying.
 * `--table DIR … --strategies default,random --priors on,off,shuffled --seeds 0,1,2 --limit 3000 --quick --out r.jsonl`
 */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Proposer } from '#core/proposers/proposer.ts';
import { proposerNamed, proposers } from '#core/proposers/registry.ts';
import { type DesignTable, readDesignTable, sameSpace, tableFolders } from './lib/design-table.ts';
import { keepResult } from './lib/machine.ts';
import { bankOf, LIMIT, nullVerdicts, type Prior, type ReplayLine, randomMedian, replay } from './lib/replay.ts';
import { searchSummary } from './lib/search-summary.ts';
import { families, makeFamily } from './lib/table-families.ts';
import { percent } from './lib/text.ts';

const priors: readonly Prior[] = ['on', 'off', 'shuffled'];

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
      quick: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  });
  const standard = join(values.data ?? join(import.meta.dirname, '../../shared/data'), 'nasbench');
  const groups = values.families ? madeUp(values.families) : [];
  const folders = values.families ? [] : (values.table ?? [standard]).flatMap(tableFolders);
  const tables = [...(values.quick ? folders.slice(0, 2) : folders).map(readDesignTable), ...groups.flat()];
  const named = values.strategies ?? values.systems;
  const limit = values.limit ? Number(values.limit) : values.quick ? 60 : LIMIT;
  // Of a family of many tasks, three are searched and the others are their bank.
  const searched = groups.length > 0 ? groups.flatMap((group) => group.slice(0, 3)) : tables;
  const lines = values.lines
    ? values.lines.flatMap(readLines)
    : replayAll(searched, tables, {
        strategies: named ? named.split(',').map(proposerNamed) : proposers,
        priors: (values.priors?.split(',') ?? priors) as Prior[],
        seeds: (values.seeds ?? (values.quick ? '0' : '0,1,2,3,4,5,6,7,8,9')).split(',').map(Number),
        limit,
        out: values.out,
      });
  const random = new Map(
    searched.map(({ name, losses }) => [
      name,
      { toTop01: randomMedian(losses, 0.001), toTop1: randomMedian(losses, 0.01) },
    ]),
  );
  const summary = searchSummary(lines, random, limit);
  if (values.families) {
    for (const [family, part] of Map.groupBy(lines, ({ table }) => table.split('/')[0]!))
      console.log(`\n${family}\n${searchSummary(part, random, limit).text}`);
  } else console.log(`\n${summary.text}`);
  const nullBetter = nullVerdicts(searched, 200);
  console.log(`\nDesigns picked at random and called better: ${percent(nullBetter)} of 200 replays`);
  if (values.lines || (!values.quick && !values.table && !values.families && !named))
    keepResult('search', { seeds: new Set(lines.map(({ seed }) => seed)).size, nullBetter, rows: summary.rows });
}

interface ReplayPlan {
  readonly strategies: readonly Proposer[];
  readonly priors: readonly Prior[];
  readonly seeds: readonly number[];
  readonly limit: number;
  /** File that lines are appended to. */
  readonly out: string | undefined;
}

/** Each table searched with the others of its space as the bank. */
function replayAll(searched: readonly DesignTable[], tables: readonly DesignTable[], plan: ReplayPlan): ReplayLine[] {
  const lines: ReplayLine[] = [];
  if (plan.out) writeFileSync(plan.out, '');
  for (const table of searched) {
    const others = tables.filter((other) => other !== table && sameSpace(table, other));
    for (const strategy of plan.strategies) {
      for (const prior of plan.priors) {
        if (prior !== 'off' && (others.length === 0 || strategy.name === 'random')) continue;
        // Shuffles differ by seed; otherwise what the bank knows is worked out once.
        const same = prior === 'shuffled' ? null : bankOf(others, prior, 0);
        for (const seed of plan.seeds) {
          const bank = same ?? bankOf(others, prior, seed);
          const setup = { space: table.space, seed, candidates: table.designs, bank, objectives: 1 };
          const line = replay(strategy, table, setup, prior, plan.limit);
          lines.push(line);
          console.log(JSON.stringify(line));
          if (plan.out) appendFileSync(plan.out, `${JSON.stringify(line)}\n`);
        }
      }
    }
  }
  return lines;
}

function readLines(path: string): ReplayLine[] {
  const text = readFileSync(path, 'utf8').trim();
  return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as ReplayLine);
}

function madeUp(names: string): DesignTable[][] {
  const wanted = names === 'all' ? Object.keys(families) : names.split(',');
  return wanted.map((name, i) => makeFamily(name, 1000 + i));
}
