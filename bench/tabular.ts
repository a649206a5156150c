/**
 * Quality on tables: ours and peers on the same files, scored by the same code from the same predictions.csv.
 * `--data DIR --sets a,b --systems ours,hist_gradient_boosting,mlp,linear --budget 60 --seeds 0,1,2 --quick --out r.jsonl`
 */
import { execFile } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { metricInfo } from '#core/contracts/task.ts';
import { keepResult } from './lib/machine.ts';
import { oneRowLatency } from './lib/one-row.ts';
import { ensureVenv } from './lib/python-venv.ts';
import { type BenchLine, summarise } from './lib/ranks.ts';
import { scorePredictions } from './lib/score.ts';
import { type BenchSet, dataFolder, tabularSets } from './lib/sets.ts';

const exec = promisify(execFile);
const root = join(import.meta.dirname, '..');
const cli = join(root, 'warmstart.mjs');

const requirements: Record<string, readonly string[]> = {
  lightgbm: ['lightgbm'],
  flaml: ['flaml[automl]', 'lightgbm', 'xgboost', 'catboost'],
  autogluon_medium: ['autogluon.tabular[all]'],
  autogluon_best: ['autogluon.tabular[all]'],
};

interface Outcome {
  readonly seconds: number;
  readonly bytes: number;
  readonly oneRowMs: number;
}

async function runOurs(
  set: BenchSet,
  seed: number,
  budget: number,
  folder: string,
  predictions: string,
): Promise<Outcome> {
  const model = join(folder, 'model.onnx');
  const started = performance.now();
  await exec(
    process.execPath,
    [
      cli,
      'run',
      set.train,
      '--test',
      set.test,
      '--target',
      set.target,
      '--task',
      set.task,
      '--metric',
      set.metric,
      '--budget',
      `${budget}s`,
      '--seed',
      String(seed),
      '--out',
      model,
      '--json',
      '--reuse',
      'off',
    ],
    { maxBuffer: 1e8, timeout: budget * 3000 + 120_000 },
  );
  const seconds = (performance.now() - started) / 1000;
  await exec(process.execPath, [cli, 'predict', model, set.test, '--out', predictions], { maxBuffer: 1e8 });
  return { seconds, bytes: statSync(model).size, oneRowMs: await oneRowLatency(model) };
}

async function runPeer(
  system: string,
  set: BenchSet,
  seed: number,
  budget: number,
  predictions: string,
): Promise<Outcome> {
  const python = await ensureVenv(['numpy', 'pandas', 'scikit-learn', ...(requirements[system] ?? [])]);
  const { stdout } = await exec(
    python,
    [
      join(root, 'bench/peers/tabular_peer.py'),
      system,
      set.train,
      set.test,
      set.target,
      set.task,
      set.metric,
      String(seed),
      String(budget),
      predictions,
    ],
    { maxBuffer: 1e8, timeout: budget * 3000 + 600_000 },
  );
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Outcome;
}

async function measure(set: BenchSet, system: string, seed: number, budget: number): Promise<BenchLine> {
  const folder = mkdtempSync(join(tmpdir(), 'warmstart-bench-'));
  const predictions = join(folder, 'predictions.csv');
  const base = { set: set.name, system, seed, budget, metric: set.metric, direction: metricInfo[set.metric].direction };
  try {
    const outcome =
      system === 'ours'
        ? await runOurs(set, seed, budget, folder, predictions)
        : await runPeer(system, set, seed, budget, predictions);
    return { ...base, score: scorePredictions(set, predictions), ...outcome, error: null };
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    return {
      ...base,
      score: null,
      seconds: null,
      bytes: null,
      oneRowMs: null,
      error: (stderr || message).trim().split('\n').slice(-3).join(' | '),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const cell = (value: number | null, digits = 1) => (value === null ? '-' : value.toFixed(digits));

function printTable(lines: readonly BenchLine[]): void {
  const first = lines.some((line) => line.system === 'ours') ? 'ours' : (lines[0]?.system ?? '');
  console.log(
    '\nsystem                   mean rank        loses to first   failed   median s   median kB   one row ms',
  );
  for (const s of summarise(lines, first)) {
    console.log(
      `${s.system.padEnd(24)} ${`${s.meanRank.toFixed(2)} ± ${s.rankError.toFixed(2)}`.padEnd(16)} ${(s.system === first ? '-' : `${(100 * s.lostTo).toFixed(0)} %`).padEnd(16)} ${String(s.failures).padEnd(8)} ${cell(s.medianSeconds).padEnd(10)} ${cell(s.medianBytes === null ? null : s.medianBytes / 1000, 0).padEnd(11)} ${cell(s.medianOneRowMs, 3)}`,
    );
  }
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string' },
      sets: { type: 'string' },
      systems: { type: 'string', default: 'ours,hist_gradient_boosting,mlp,linear' },
      budget: { type: 'string', default: '60' },
      seeds: { type: 'string', default: '0,1,2' },
      quick: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  });
  const quick = values.quick;
  const sets = tabularSets(
    dataFolder(values.data),
    values.sets?.split(',') ?? (quick ? ['concrete', 'sonar'] : undefined),
  );
  const seeds = quick ? [0] : values.seeds.split(',').map(Number);
  const budget = quick ? 10 : Number(values.budget);
  const lines: BenchLine[] = [];
  if (values.out) writeFileSync(values.out, '');
  for (const set of sets) {
    for (const seed of seeds) {
      for (const system of values.systems.split(',')) {
        const line = await measure(set, system, seed, budget);
        lines.push(line);
        console.log(JSON.stringify(line));
        if (values.out) appendFileSync(values.out, `${JSON.stringify(line)}\n`);
      }
    }
  }
  printTable(lines);
  if (!quick && !values.sets) keepResult('tabular', { budget, seeds, summary: summarise(lines, 'ours'), lines });
}
