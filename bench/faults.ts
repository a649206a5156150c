/**
 * Nothing lost: while a search runs, one part of the product is killed with SIGKILL at a random moment. Afterwards every
 * trial that had finished must still be there with its score, no key may have completed twice, the search must end by
 * itself with a verified model, and a replay of its receipt must make the same file. `--targets worker,child,postgres,web --times 5 --budget 25 --seed 1 --quick --out r.jsonl`
 */
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { asc, eq, sql } from 'drizzle-orm';
import type { ReplayReport } from '#core/contracts/replay.ts';
import { Random } from '#core/math/random.ts';
import { models } from '#db/schema/models.ts';
import { searches, trials } from '#db/schema/searches.ts';
import { openLocal } from '#infra/cli/backend-local.ts';
import { modelKeys } from '#server/services/model/create.ts';
import { TrialPool } from '#workers/runtime/trial-pool.ts';
import { readReceipt } from '#workers/trainers/replay/read-receipt.ts';
import { replay } from '#workers/trainers/replay/replay.ts';
import { type Product, pause, startProduct, type Target, targets, until } from './faults/product.ts';
import { keepResult } from './lib/machine.ts';
import { writeSyntheticTable } from './lib/synthetic.ts';

interface FaultLine {
  readonly target: Target;
  readonly killedAt: number;
  readonly doneBefore: number;
  readonly doneAfter: number;
  readonly lost: number;
  readonly doubled: number;
  readonly state: string;
  readonly verified: boolean;
  /** Whether a replay makes the same file; null without a model. Lines of before it was asked lack it. */
  readonly replayed?: boolean | null;
  /** What a replay found to differ, first. */
  readonly difference?: string | null;
  /** Seconds from the start of the search to its end. */
  readonly seconds: number;
  readonly pass: boolean;
  readonly error: string | null;
}

const doneTrials = (product: Product, searchId: string) =>
  product.database.db
    .select({
      id: trials.id,
      key: trials.key,
      role: trials.role,
      replicate: trials.replicate,
      state: trials.state,
      score: trials.score,
    })
    .from(trials)
    .where(sql`${trials.searchId} = ${searchId} and ${trials.state} = 'done'`)
    .orderBy(asc(trials.number));

async function strike(
  product: Product,
  start: (seed: number) => Promise<string>,
  target: Target,
  budget: number,
  random: Random,
  table: string,
): Promise<FaultLine> {
  const searchId = await start(random.integer(1e6));
  const began = Date.now();
  const killedAt = 0.5 + random.uniform() * (budget - 1);
  await pause(1000 * killedAt);
  const before = await doneTrials(product, searchId);
  await product.kill(target);
  const ended = await until(
    async () => {
      const [row] = await product.database.db.select().from(searches).where(eq(searches.id, searchId));
      return row && ['ready', 'failed', 'cancelled'].includes(row.state) && row;
    },
    3 * budget + 60,
    `end of the search after the death of ${target}`,
  );
  const seconds = (Date.now() - began) / 1000;
  const after = await doneTrials(product, searchId);
  const scores = new Map(after.map((trial) => [trial.id, trial.score]));
  const lost = before.filter((trial) => scores.get(trial.id) !== trial.score).length;
  const keys = after.map((trial) => `${trial.key} ${trial.role} ${trial.replicate}`);
  const doubled = keys.length - new Set(keys).size;
  const verified = ended.result?.verification.length === 2 && ended.result.verification.every((v) => v.pass);
  const url = product.run().url;
  if (url) await until(async () => (await fetch(`${url}/api/health`)).ok, 30, 'the web process');
  const report = ended.state === 'ready' ? await replayOf(product, searchId, table) : null;
  return {
    target,
    killedAt,
    doneBefore: before.length,
    doneAfter: after.length,
    lost,
    doubled,
    state: ended.state,
    verified,
    replayed: report?.same ?? null,
    difference: report?.differences[0]?.message ?? null,
    seconds,
    pass: lost === 0 && doubled === 0 && ended.state === 'ready' && verified && report?.same === true,
    error: ended.error,
  };
}

/** What became of the receipt: the trace must be whole, however often steps and trials were begun anew. */
async function replayOf({ database, dataDir }: Product, searchId: string, table: string): Promise<ReplayReport> {
  const [model] = await database.db.select({ id: models.id }).from(models).where(eq(models.searchId, searchId));
  const read = await readReceipt(join(dataDir, 'blobs', modelKeys(model?.id ?? '').bundle));
  const folder = mkdtempSync(join(tmpdir(), 'warmstart-fault-replay-'));
  const pool = new TrialPool({ size: 1, megabytes: 4096 });
  try {
    const files = { data: { path: table, name: basename(table) }, test: null };
    return await replay({ read, files, all: false, folder, modelPath: join(folder, 'model.onnx'), pool });
  } finally {
    pool.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function earlierLines(measured: readonly Target[]): FaultLine[] {
  const file = join(import.meta.dirname, 'results/faults.json');
  if (!existsSync(file)) return [];
  const { result } = JSON.parse(readFileSync(file, 'utf8')) as { result: FaultLine[] };
  return result.filter((line) => !measured.includes(line.target));
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      targets: { type: 'string', default: targets.join(',') },
      times: { type: 'string', default: '5' },
      budget: { type: 'string', default: '25' },
      seed: { type: 'string', default: '1' },
      quick: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  });
  const chosen = (values.quick ? 'child' : values.targets).split(',').map((name) => {
    const target = targets.find((t) => t === name);
    if (!target) throw new Error(`--targets ${name}: it must be one of ${targets.join(', ')}.`);
    return target;
  });
  const times = values.quick ? 1 : Number(values.times);
  const budget = values.quick ? 15 : Number(values.budget);
  const random = new Random(Number(values.seed));
  const folder = mkdtempSync(join(tmpdir(), 'warmstart-faults-'));
  const lines: FaultLine[] = [];
  if (values.out) writeFileSync(values.out, '');
  const product = await startProduct(join(folder, 'data'), chosen.includes('web'));
  try {
    const table = join(folder, 'table.csv');
    writeSyntheticTable(table, 2000, 12);
    const backend = await openLocal(product.dataDir, () => undefined);
    const versionId = await backend.addTable(table);
    await backend.close();
    // Each search is started through a connection of its own: the database may have been killed since.
    const start = async (seed: number) => {
      const fresh = await until(() => openLocal(product.dataDir, () => undefined), 60, 'a connection');
      try {
        return await fresh.start({
          datasetVersionId: versionId,
          target: 'target',
          kind: 'classification',
          metric: 'roc_auc',
          budgetSeconds: budget,
          seed,
          reuse: false,
          spentSeconds: 0,
        });
      } finally {
        await fresh.close();
      }
    };
    for (const target of chosen)
      for (let i = 0; i < times; i++) {
        const line = await strike(product, start, target, budget, random, table);
        lines.push(line);
        console.log(JSON.stringify(line));
        if (values.out) appendFileSync(values.out, `${JSON.stringify(line)}\n`);
      }
  } finally {
    await product.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  for (const target of chosen) {
    const own = lines.filter((line) => line.target === target);
    console.log(
      `${target.padEnd(9)} ${own.filter((line) => line.pass).length} of ${own.length} survived; longest ${Math.max(...own.map((line) => line.seconds)).toFixed(0)} s for a budget of ${budget} s`,
    );
  }
  // A run of some targets keeps what earlier runs found about the others.
  if (!values.quick) keepResult('faults', [...earlierLines(chosen), ...lines]);
}
