/**
 * What the bank is worth on real tables: each set searched with and without a bank that holds all the others
 * (`db/seed/bank.jsonl.gz` less the set's own tasks), by the same seeds.
 * `--data DIR --sets a,b --budget 60 --seeds 0 --out r.jsonl`
 */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { and, asc, eq } from 'drizzle-orm';
import { readBankFile, writeBankFile } from '#core/contracts/bank-file.ts';
import { metricInfo } from '#core/contracts/task.ts';
import { createDatabase } from '#db/client.ts';
import { trials } from '#db/schema/searches.ts';
import { readSeedBank } from '#db/seed/bank.ts';
import { readRunFile } from '#infra/dev/run-file.ts';
import { keepResult } from './lib/machine.ts';
import { runSearch } from './lib/run-search.ts';
import { type BenchSet, dataFolder, tabularSets } from './lib/sets.ts';

interface Outcome {
  readonly set: string;
  readonly seed: number;
  readonly prior: 'on' | 'off';
  readonly metric: string;
  readonly validation: number | null;
  readonly test: number | null;
  /** Best validation loss (smaller is better) after each finished trial. */
  readonly curve: readonly number[];
}

/** Best loss so far after every finished trial of a search, in order of finishing. */
async function curveOf(databaseUrl: string, searchId: string, sign: number): Promise<number[]> {
  const database = createDatabase(databaseUrl, { max: 1 });
  const rows = await database.db
    .select({ score: trials.score })
    .from(trials)
    .where(and(eq(trials.searchId, searchId), eq(trials.state, 'done')))
    .orderBy(asc(trials.endedAt));
  await database.close();
  let best = Number.POSITIVE_INFINITY;
  return rows.flatMap(({ score }) => {
    if (score === null) return [];
    best = Math.min(best, sign * score);
    return [best];
  });
}

function search(set: BenchSet, seed: number, prior: 'on' | 'off', budget: number, state: string) {
  const more = { test: set.test, task: set.task, metric: set.metric, seed: String(seed), prior };
  const env = { WARMSTART_DATA: state, SEED_BANK: join(state, 'bank.jsonl.gz') };
  return runSearch(set.train, { target: set.target, budget, out: join(state, 'model.onnx'), more }, { env });
}

/** One set by one seed, both ways, in a state folder of its own whose bank has never seen the set. */
async function compare(set: BenchSet, seed: number, budget: number): Promise<Outcome[]> {
  const state = mkdtempSync(join(tmpdir(), 'warmstart-prior-'));
  const others = readBankFile(await readSeedBank()).filter((task) => !task.name.startsWith(`${set.name} · `));
  writeFileSync(join(state, 'bank.jsonl.gz'), gzipSync(writeBankFile(others)));
  const sign = metricInfo[set.metric].direction === 'maximize' ? -1 : 1;
  try {
    const outcomes: Outcome[] = [];
    for (const prior of ['on', 'off'] as const) {
      const { searchId, scores } = await search(set, seed, prior, budget, state);
      const run = readRunFile(state);
      if (!run) throw new Error('the product has ended before its trials were read');
      outcomes.push({
        set: set.name,
        seed,
        prior,
        metric: set.metric,
        validation: scores.validation?.value ?? null,
        test: scores.test?.value ?? null,
        curve: await curveOf(run.databaseUrl, searchId, sign),
      });
    }
    return outcomes;
  } finally {
    const pid = readRunFile(state)?.pids.supervisor;
    if (pid) process.kill(pid, 'SIGTERM');
    await new Promise((done) => setTimeout(done, 4000));
    rmSync(state, { recursive: true, force: true, maxRetries: 5, retryDelay: 500 });
  }
}

/** Trials that the search with the prior needs for the best that the one without reaches; null where it never does. */
function trialsToMatch(on: Outcome, off: Outcome): number | null {
  const goal = off.curve.at(-1);
  const at = goal === undefined ? -1 : on.curve.findIndex((loss) => loss <= goal);
  return at < 0 ? null : at + 1;
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string' },
      sets: { type: 'string' },
      budget: { type: 'string', default: '60' },
      seeds: { type: 'string', default: '0' },
      out: { type: 'string' },
    },
  });
  const rows: string[] = [];
  const kept: unknown[] = [];
  let [better, worse] = [0, 0];
  for (const set of tabularSets(dataFolder(values.data), values.sets?.split(','))) {
    for (const seed of values.seeds.split(',').map(Number)) {
      const [on, off] = (await compare(set, seed, Number(values.budget))) as [Outcome, Outcome];
      for (const outcome of [on, off]) {
        console.log(JSON.stringify(outcome));
        if (values.out) appendFileSync(values.out, `${JSON.stringify(outcome)}\n`);
      }
      const sign = metricInfo[set.metric].direction === 'maximize' ? 1 : -1;
      const gain = sign * ((on.test ?? Number.NaN) - (off.test ?? Number.NaN));
      if (gain > 0) better++;
      else if (gain < 0) worse++;
      const match = trialsToMatch(on, off);
      kept.push({ ...on, curve: undefined, without: off.test, trialsToMatch: match, trialsWithout: off.curve.length });
      rows.push(
        `${set.name.padEnd(20)} ${String(seed).padEnd(5)} ${String(on.test?.toPrecision(5)).padEnd(10)} ${String(off.test?.toPrecision(5)).padEnd(10)} ${match ?? 'never'} of ${off.curve.length}`,
      );
    }
  }
  console.log(
    `\nset                  seed  with       without    trials to match the search without\n${rows.join('\n')}`,
  );
  console.log(`\nbetter on ${better}, worse on ${worse} (sealed test)`);
  if (!values.sets) keepResult('prior', { budget: Number(values.budget), better, worse, lines: kept });
}
