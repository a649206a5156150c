/**
 * Strategies replayed on look-up tables, each table searched with the others as its bank, without a bank, and with a
 * shuffled one.
 * `--table DIR … --strategies default,random --priors on,off,shuffled --seeds 0,1,2 --limit 3000 --quick --out r.jsonl`
 */
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { proposerNamed, proposers } from '#core/proposers/registry.ts';
import { readDesignTable, sameSpace, tableFolders } from './lib/design-table.ts';
import { keepResult } from './lib/machine.ts';
import { bankOf, LIMIT, type Prior, type ReplayLine, replay } from './lib/replay.ts';
import { searchSummary } from './lib/search-summary.ts';

const priors: readonly Prior[] = ['on', 'off', 'shuffled'];

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      table: { type: 'string', multiple: true },
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
  const folders = (values.table ?? [standard]).flatMap(tableFolders);
  const tables = (values.quick ? folders.slice(0, 2) : folders).map(readDesignTable);
  const named = values.strategies ?? values.systems;
  const chosen = named ? named.split(',').map(proposerNamed) : proposers;
  const wanted = (values.priors?.split(',') ?? priors) as Prior[];
  const seeds = (values.seeds ?? (values.quick ? '0' : '0,1,2,3,4,5,6,7,8,9')).split(',').map(Number);
  const limit = values.limit ? Number(values.limit) : values.quick ? 60 : LIMIT;
  if (values.out) writeFileSync(values.out, '');
  const lines: ReplayLine[] = [];
  for (const table of tables) {
    const others = tables.filter((other) => other !== table && sameSpace(table, other));
    for (const strategy of chosen) {
      for (const prior of wanted) {
        if (prior !== 'off' && (others.length === 0 || strategy.name === 'random')) continue;
        // Shuffles differ by seed; otherwise what the bank knows is worked out once.
        const same = prior === 'shuffled' ? null : bankOf(others, prior, 0);
        for (const seed of seeds) {
          const bank = same ?? bankOf(others, prior, seed);
          const setup = { space: table.space, seed, candidates: table.designs, bank, objectives: 1 };
          const line = replay(strategy, table, setup, prior, limit);
          lines.push(line);
          console.log(JSON.stringify(line));
          if (values.out) appendFileSync(values.out, `${JSON.stringify(line)}\n`);
        }
      }
    }
  }
  const summary = searchSummary(lines, limit);
  console.log(`\n${summary.text}`);
  if (!values.quick && !values.table && !named) keepResult('search', { seeds: seeds.length, rows: summary.rows });
}
