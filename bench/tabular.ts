/**
 * Quality on tables: ours and peers on the same files, scored by the same code from the same predictions.csv.
 * `--data DIR --sets a,b --systems ours,hist_gradient_boosting,mlp,linear --budget 60 --seeds 0,1,2 --quick --out r.jsonl`
 * More systems: random_forest, lightgbm, xgboost, catboost (their defaults), flaml, autogluon_medium, autogluon_best.
 */
import { execFile } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { metricInfo } from '#core/contracts/task.ts';
import { keepResult } from './lib/machine.ts';
import { modelLatency } from './lib/model-latency.ts';
import { ensureVenv } from './lib/python-venv.ts';
import { type BenchLine, summarise } from './lib/ranks.ts';
import { cli, lastLines, runSearch } from './lib/run-search.ts';
import { scorePredictions } from './lib/score.ts';
import { type BenchSet, dataFolder, tabularSets } from './lib/sets.ts';
import { alignedTable, percent } from './lib/text.ts';

const exec = promisify(execFile);
const root = join(import.meta.dirname, '..');

/** What a peer needs besides pandas and scikit-learn, and the environment it is kept in where it pins versions of those. */
const requirements: Record<string, { readonly packages: readonly string[]; readonly venv?: string }> = {
  lightgbm: { packages: ['lightgbm'] },
  xgboost: { packages: ['xgboost'] },
  catboost: { packages: ['catboost'] },
  flaml: { packages: ['flaml[automl]', 'lightgbm', 'xgboost', 'catboost'], venv: 'flaml' },
  autogluon_medium: { packages: ['autogluon.tabular[all]'], venv: 'autogluon' },
  autogluon_best: { packages: ['autogluon.tabular[all]'], venv: 'autogluon' },
};

interface Outcome {
  readonly seconds: number;
  readonly bytes: number;
  readonly oneRowMs: number;
  readonly tenThousandRowsMs: number;
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
  // The bank would carry what an earlier seed found on the same set.
  const more = { test: set.test, task: set.task, metric: set.metric, seed: String(seed), prior: 'off' };
  await runSearch(set.train, { target: set.target, budget, out: model, more });
  const seconds = (performance.now() - started) / 1000;
  await exec(process.execPath, [cli, 'predict', model, set.test, '--out', predictions], { maxBuffer: 1e8 });
  return {
    seconds,
    bytes: statSync(model).size,
    oneRowMs: await modelLatency(model, 1, 50),
    tenThousandRowsMs: await modelLatency(model, 10_000, 3),
  };
}

async function runPeer(
  system: string,
  set: BenchSet,
  seed: number,
  budget: number,
  predictions: string,
): Promise<Outcome> {
  const { packages, venv } = requirements[system] ?? { packages: [] };
  const python = await ensureVenv(['numpy', 'pandas', 'scikit-learn', ...packages], venv);
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

/** Trains one system on a set and scores its predictions of the test file; what goes wrong is in the line. */
export async function measure(set: BenchSet, system: string, seed: number, budget: number): Promise<BenchLine> {
  const folder = mkdtempSync(join(tmpdir(), 'warmstart-bench-'));
  const predictions = join(folder, 'predictions.csv');
  const base = { set: set.name, system, seed, budget, metric: set.metric, direction: metricInfo[set.metric].direction };
  try {
    const outcome =
      system === 'ours'
        ? await runOurs(set, seed, budget, folder, predictions)
        : await runPeer(system, set, seed, budget, predictions);
    const scores = scorePredictions(set, predictions);
    return { ...base, score: scores[set.metric] ?? null, scores, ...outcome, error: null };
  } catch (error) {
    return {
      ...base,
      score: null,
      scores: null,
      seconds: null,
      bytes: null,
      oneRowMs: null,
      tenThousandRowsMs: null,
      error: lastLines(error, 3),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const whole = (share: number) => percent(share, 0);
const cell = (value: number | null, digits = 1) => (value === null ? '-' : value.toFixed(digits));

function printTable(lines: readonly BenchLine[]): void {
  const first = lines.some((line) => line.system === 'ours') ? 'ours' : (lines[0]?.system ?? '');
  const rows = summarise(lines, first).map((s) => [
    s.system,
    `${s.meanRank.toFixed(2)} ± ${s.rankError.toFixed(2)}`,
    s.system === first ? '-' : `${whole(s.lostTo)} (${s.lostToInterval.map(whole).join(' to ')})`,
    s.normalisedLoss.toFixed(3),
    String(s.failures),
    cell(s.medianSeconds),
    cell(s.medianBytes === null ? null : s.medianBytes / 1000, 0),
    cell(s.medianOneRowMs, 3),
    cell(s.medianTenThousandRowsMs, 0),
  ]);
  const header = [
    'system',
    'mean rank',
    'loses to first',
    'loss',
    'failed',
    'median s',
    'kB',
    '1 row ms',
    '10k rows ms',
  ];
  console.log(`\n${alignedTable([header, ...rows], 'start')}`);
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
  if (!quick && !values.sets)
    keepResult(budget === 60 ? 'tabular' : `tabular-${budget}`, {
      budget,
      seeds,
      summary: summarise(lines, 'ours'),
      lines,
    });
}
