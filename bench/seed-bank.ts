/**
 * Builds the bank that ships with the product (`db/seed/bank.jsonl.gz`) by real searches, and says what it holds.
 * `--data DIR --sets a,b --also a:column,b:column --budget 60 --seeds 0,1,2 --strategy default|random --state DIR --collect`
 * `--also` adds tasks that predict another column of a set; `--collect` only gathers what the state folder holds, to which
 * further runs add: of the other strategy, of other seeds, of the `--also` alone (`--only-also`).
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { eq } from 'drizzle-orm';
import { type BankFileTask, readBankFile, writeBankFile } from '#core/contracts/bank-file.ts';
import type { Database } from '#db/client.ts';
import { datasetVersions } from '#db/schema/datasets.ts';
import { tasks } from '#db/schema/searches.ts';
import { seedBankFile } from '#db/seed/bank.ts';
import { openLocalProduct } from '#infra/cli/local-product.ts';
import { readBankTasks } from '#server/services/bank/read.ts';
import { runSearch } from './lib/run-search.ts';
import { dataFolder, tabularSets } from './lib/sets.ts';

const root = join(import.meta.dirname, '..');

interface SeedTask {
  readonly name: string;
  readonly train: string;
  readonly target: string;
  /** Where the set states them; else the product proposes both. */
  readonly given: Readonly<Record<string, string>>;
}

/** One search without the help of the bank, whose trials enter it. */
async function search(task: SeedTask, seed: number, budget: number, strategy: string, state: string): Promise<void> {
  const model = join(mkdtempSync(join(tmpdir(), 'warmstart-seed-')), 'model.onnx');
  const more = { seed: String(seed), prior: 'off', strategy, ...task.given };
  await runSearch(task.train, { target: task.target, budget, out: model, more }, { env: { WARMSTART_DATA: state } });
}

/** What the database knows of the tables, under their own names instead of their files'. */
async function collect(db: Database, sets: readonly SeedTask[]): Promise<BankFileTask[]> {
  const names = new Map(
    sets.map(({ train, name }) => [createHash('sha256').update(readFileSync(train)).digest('hex'), name]),
  );
  const sources = await db
    .select({ hash: tasks.hash, target: tasks.target, sha256: datasetVersions.sourceSha256 })
    .from(tasks)
    .innerJoin(datasetVersions, eq(datasetVersions.id, tasks.datasetVersionId));
  const known = new Map(sources.map(({ hash, target, sha256 }) => [hash, { target, name: names.get(sha256) }]));
  return (await readBankTasks(db, undefined))
    .flatMap((task) => {
      const source = known.get(task.hash);
      return source?.name ? [{ ...task, name: `${source.name} · ${source.target}` }] : [];
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string' },
      sets: { type: 'string' },
      also: { type: 'string', default: '' },
      budget: { type: 'string', default: '60' },
      seeds: { type: 'string', default: '0,1,2' },
      state: { type: 'string', default: join(tmpdir(), 'warmstart-seed-bank') },
      strategy: { type: 'string', default: 'default' },
      collect: { type: 'boolean', default: false },
      'only-also': { type: 'boolean', default: false },
      out: { type: 'string', default: join(root, seedBankFile) },
    },
  });
  const sets = tabularSets(dataFolder(values.data), values.sets?.split(','));
  const wanted: SeedTask[] = sets.map(({ name, train, test, target, task, metric }) => ({
    name,
    train,
    target,
    // The table bench splits alike, so that its trials are of the same tasks.
    given: { test, task, metric },
  }));
  for (const pair of values.also.split(',').filter(Boolean)) {
    const at = pair.indexOf(':');
    const set = sets.find(({ name }) => name === pair.slice(0, at));
    if (!set) throw new Error(`--also ${pair}: there is no set ${pair.slice(0, at)}`);
    wanted.push({ name: set.name, train: set.train, target: pair.slice(at + 1), given: {} });
  }
  const state = resolve(values.state);
  if (!values.collect) {
    for (const task of values['only-also'] ? wanted.slice(sets.length) : wanted) {
      for (const seed of values.seeds.split(',').map(Number)) {
        console.error(`${task.name} · ${task.target}, seed ${seed}`);
        await search(task, seed, Number(values.budget), values.strategy, state);
      }
    }
  }
  const product = await openLocalProduct(state, (line) => console.error(line));
  const found = await collect(product.services.db, wanted);
  await product.close();
  const text = writeBankFile(found);
  const packed = gzipSync(text, { level: 9 });
  writeFileSync(values.out, packed);
  for (const { name, kind, metric, trials } of readBankFile(text))
    console.log(JSON.stringify({ task: name, kind, metric, trials: trials.length }));
  const all = found.reduce((sum, { trials }) => sum + trials.length, 0);
  console.log(`\n${found.length} tasks, ${all} trials, ${(packed.length / 1000).toFixed(0)} kB in ${values.out}`);
}
