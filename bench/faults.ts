/**
 * Nothing lost: while a search runs, one part of the product is killed with SIGKILL at a random moment. Afterwards every
 * trial that had finished must still be there with its score, no key may have completed twice, and the search must end
 * by itself with a verified model. `--targets worker,child,postgres,web --times 5 --budget 25 --seed 1 --quick --out r.jsonl`
 */
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { asc, eq, sql } from 'drizzle-orm';
import { Random } from '#core/math/random.ts';
import { searches, trials } from '#db/schema/searches.ts';
import { openLocal } from '#infra/cli/backend-local.ts';
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
  return {
    target,
    killedAt,
    doneBefore: before.length,
    doneAfter: after.length,
    lost,
    doubled,
    state: ended.state,
    verified,
    seconds,
    pass: lost === 0 && doubled === 0 && ended.state === 'ready' && verified,
    error: ended.error,
  };
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
        const line = await strike(product, start, target, budget, random);
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
