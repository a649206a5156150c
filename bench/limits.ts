/**
 * Tables at the limits, made up: wide, long, of many classes, tiny. Each must end with a verified model within 105 % of
 * the budget, and no process of the worker may pass the cap on memory.
 * `--cases wide,long,classes,tiny --budget 60 --seeds 0 --quick --out r.jsonl`
 */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { RunResult } from '#core/contracts/result.ts';
import { readConfig } from '#server/config/index.ts';
import { residentMegabytes } from '#workers/runtime/resident.ts';
import { childrenOf, type Product, startProduct } from './faults/product.ts';
import { keepResult } from './lib/machine.ts';
import { lastLines, runSearch } from './lib/run-search.ts';
import { writeSyntheticTable } from './lib/synthetic.ts';

interface Shape {
  readonly rows: number;
  readonly columns: number;
  readonly classes?: number;
}

const cases: Readonly<Record<string, Shape>> = {
  // With the target as many columns as the product reads by default.
  wide: { rows: 1000, columns: 9_999 },
  long: { rows: 1_000_000, columns: 20 },
  classes: { rows: 20_000, columns: 20, classes: 500 },
  tiny: { rows: 50, columns: 5 },
};
const quickCases: Readonly<Record<string, Shape>> = {
  wide: { rows: 200, columns: 1500 },
  tiny: { rows: 50, columns: 5 },
};

interface LimitsLine extends Shape {
  readonly set: string;
  readonly system: 'ours';
  readonly seed: number;
  readonly budget: number;
  readonly metric: string | null;
  readonly score: number | null;
  readonly seconds: number | null;
  /** Of the budget. */
  readonly share: number | null;
  readonly firstUsable: number | null;
  readonly trials: number | null;
  readonly members: number | null;
  readonly bytes: number | null;
  /** Largest resident size of the worker, which reads files, and of any of its children. */
  readonly workerMegabytes: number;
  readonly childMegabytes: number;
  readonly phases: RunResult['seconds'] | null;
  readonly pass: boolean;
  readonly error: string | null;
}

const everyMs = 100;

/** Watches the worker and its children while `work` runs. */
async function watching<T>(product: Product, work: () => Promise<T>) {
  let [workerMegabytes, childMegabytes] = [0, 0];
  const look = () => {
    const pid = product.run().pids.worker ?? 0;
    workerMegabytes = Math.max(workerMegabytes, residentMegabytes(pid));
    childMegabytes = Math.max(childMegabytes, ...childrenOf(pid).map(residentMegabytes));
  };
  const timer = setInterval(look, everyMs);
  try {
    return { value: await work(), memory: { workerMegabytes, childMegabytes } };
  } finally {
    clearInterval(timer);
  }
}

async function search(product: Product, file: string, seed: number, budget: number): Promise<RunResult | string> {
  const more = { seed: String(seed), data: product.dataDir, prior: 'off' };
  const flags = { target: 'target', budget, out: `${file}.onnx`, more };
  try {
    return await runSearch(file, flags, { timeout: budget * 5000 + 120_000 });
  } catch (error) {
    return lastLines(error, 2);
  }
}

async function measure(
  product: Product,
  file: string,
  { set, seed, budget, ...shape }: Shape & { set: string; seed: number; budget: number },
): Promise<LimitsLine> {
  const { value: found, memory } = await watching(product, () => search(product, file, seed, budget));
  const result = typeof found === 'string' ? null : found;
  const seconds = result?.seconds.total ?? null;
  const verified = result?.status === 'ready' && result.verification.every(({ pass }) => pass);
  const cap = readConfig({ DATABASE_URL: product.run().databaseUrl }).limits.trialMegabytes;
  return {
    set,
    system: 'ours',
    seed,
    budget,
    ...shape,
    metric: result?.metric.name ?? null,
    score: result?.scores.test?.value ?? null,
    seconds,
    share: seconds === null ? null : seconds / budget,
    firstUsable: result?.seconds.firstUsable ?? null,
    trials: result?.trials.done ?? null,
    members: result?.model?.members.length ?? null,
    bytes: result?.model?.bytes ?? null,
    ...memory,
    phases: result?.seconds ?? null,
    pass:
      verified &&
      (seconds ?? Number.POSITIVE_INFINITY) <= 1.05 * budget &&
      Math.max(memory.childMegabytes, memory.workerMegabytes) <= cap,
    error: typeof found === 'string' ? found : null,
  };
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      cases: { type: 'string' },
      budget: { type: 'string', default: '60' },
      seeds: { type: 'string', default: '0' },
      quick: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  });
  const shapes = values.quick ? quickCases : cases;
  const names = (values.cases ?? Object.keys(shapes).join(',')).split(',');
  const budget = values.quick ? 15 : Number(values.budget);
  const folder = mkdtempSync(join(tmpdir(), 'warmstart-bench-'));
  const lines: LimitsLine[] = [];
  if (values.out) writeFileSync(values.out, '');
  const product = await startProduct(join(folder, 'data'), false);
  try {
    for (const set of names) {
      const shape = shapes[set];
      if (!shape) throw new Error(`There is no case ${set}: ${Object.keys(shapes).join(', ')}.`);
      const file = join(folder, `${set}.csv`);
      writeSyntheticTable(file, shape.rows, shape.columns, 1, shape.classes);
      for (const seed of values.seeds.split(',').map(Number)) {
        const line = await measure(product, file, { ...shape, set, seed, budget });
        lines.push(line);
        console.log(JSON.stringify(line));
        if (values.out) appendFileSync(values.out, `${JSON.stringify(line)}\n`);
      }
      rmSync(file);
    }
  } finally {
    await product.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  console.table(
    Object.fromEntries(
      lines.map(({ set, seed, share, workerMegabytes, childMegabytes, metric, score, pass, error }) => [
        `${set} ${seed}`,
        {
          share: share?.toFixed(2) ?? '-',
          worker: `${Math.round(workerMegabytes)} MB`,
          child: `${Math.round(childMegabytes)} MB`,
          score: score === null ? '-' : `${metric} ${score.toFixed(4)}`,
          outcome: pass ? 'kept' : (error ?? 'missed'),
        },
      ]),
    ),
  );
  if (!values.quick && !values.cases) keepResult('limits', { budget, lines });
}
