/**
 * Training of boosted trees beside LightGBM at equal settings on one thread: score on the test rows and seconds.
 * Systems take turns within each round, the best of the rounds counts.
 * `--data DIR --sets adult,phoneme,synthetic --rounds 2 --trees 200 --quick --out r.jsonl`
 */
import { execFile } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { lossFor, readBoostingDesign } from '#core/learners/boosting/design.ts';
import { predictionColumns, prepareFold } from '#core/learners/boosting/fold.ts';
import { scoresToPredictions } from '#core/learners/boosting/output.ts';
import { targetsOf } from '#core/learners/boosting.ts';
import { evaluateMetric } from '#core/metrics/evaluate.ts';
import { boost } from '#core/trees/boost.ts';
import { predictTrees } from '#core/trees/ensemble.ts';
import { unpaced } from '#core/trees/pace.ts';
import { type BenchTable, readBenchTable, syntheticTable } from './boosting/data.ts';
import { keepResult } from './lib/machine.ts';
import { ensureVenv } from './lib/python-venv.ts';
import { dataFolder, tabularSets } from './lib/sets.ts';

const exec = promisify(execFile);

const settings = { learningRate: 0.1, leaves: 31, minRows: 20, l2: 1, bins: 255 };

interface Line {
  readonly set: string;
  readonly system: 'ours' | 'lightgbm';
  readonly metric: string;
  readonly score: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

const metricOf = (table: BenchTable) =>
  table.target.problem === 'regression' ? 'rmse' : table.target.problem === 'binary' ? 'roc_auc' : 'log_loss';

function score(table: BenchTable, predictions: Float32Array): number {
  const truth = Float32Array.from(table.testRows, (row) => table.target.values[row]!);
  return evaluateMetric(metricOf(table), table.target, truth, predictions) * table.scale;
}

async function trainOurs(table: BenchTable, trees: number): Promise<Line> {
  const { features, target, trainRows, testRows } = table;
  const design = { ...readBoostingDesign({ ...settings, rounds: trees }), ...lossFor(target), seed: 0 };
  const before = process.cpuUsage();
  const started = performance.now();
  const fold = await prepareFold(features, target, trainRows, new Int32Array(0), design, unpaced.rest);
  const { ensemble } = await boost(fold.train, targetsOf(target, trainRows), undefined, design, unpaced);
  const seconds = (performance.now() - started) / 1000;
  const used = process.cpuUsage(before);
  const inputs = predictionColumns(features, fold, testRows);
  const predictions = scoresToPredictions(predictTrees(ensemble, inputs, testRows.length), target);
  const cpuSeconds = (used.user + used.system) / 1e6;
  return {
    set: table.name,
    system: 'ours',
    metric: metricOf(table),
    score: score(table, predictions),
    seconds,
    cpuSeconds,
  };
}

async function trainPeer(table: BenchTable, trees: number, python: string): Promise<Line> {
  const folder = mkdtempSync(join(tmpdir(), 'warmstart-boosting-'));
  try {
    const { features, target } = table;
    const write = (name: string, data: Float32Array | Int32Array) =>
      writeFileSync(join(folder, name), new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    write('numeric.f32', features.numeric);
    write('codes.i32', features.codes);
    write('target.f32', target.values);
    write('train.i32', table.trainRows);
    write('test.i32', table.testRows);
    const spec = {
      rows: features.rows,
      numeric: features.numericNames.length,
      codes: features.categoricalNames.length,
      problem: target.problem,
      classes: target.classes,
      rounds: trees,
      params: {
        learning_rate: settings.learningRate,
        num_leaves: settings.leaves,
        min_data_in_leaf: settings.minRows,
        lambda_l2: settings.l2,
        max_bin: settings.bins,
      },
    };
    const script = join(import.meta.dirname, 'peers/lightgbm_peer.py');
    const { stdout } = await exec(python, [script, folder, JSON.stringify(spec)], { maxBuffer: 1e7 });
    const { seconds, cpuSeconds } = JSON.parse(stdout.trim().split('\n').at(-1)!) as Line;
    const bytes = readFileSync(join(folder, 'predictions.f32'));
    const predictions = new Float32Array(Uint8Array.from(bytes).buffer);
    return {
      set: table.name,
      system: 'lightgbm',
      metric: metricOf(table),
      score: score(table, predictions),
      seconds,
      cpuSeconds,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The fastest of several runs of one system; scores are the same in all of them. */
function fastest(lines: readonly Line[]): Line {
  return lines.reduce((a, b) => (b.cpuSeconds < a.cpuSeconds ? b : a));
}

function printRatios(lines: readonly Line[]): void {
  console.log('\nset                      metric     ours        lightgbm    cpu s ours   cpu s lightgbm   ratio');
  for (const ours of lines.filter((line) => line.system === 'ours')) {
    const peer = lines.find((line) => line.set === ours.set && line.system === 'lightgbm')!;
    console.log(
      [
        ours.set.padEnd(24),
        ours.metric.padEnd(10),
        ours.score.toPrecision(6).padEnd(11),
        peer.score.toPrecision(6).padEnd(11),
        ours.cpuSeconds.toFixed(2).padEnd(12),
        peer.cpuSeconds.toFixed(2).padEnd(16),
        (ours.cpuSeconds / peer.cpuSeconds).toFixed(2),
      ].join(' '),
    );
  }
}

export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string' },
      sets: {
        type: 'string',
        default: 'adult,bike_sharing,california_housing,churn,kr_vs_kp,optdigits,phoneme,shuttle,spambase,synthetic',
      },
      rounds: { type: 'string', default: '2' },
      trees: { type: 'string', default: '200' },
      quick: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  });
  const names = values.quick ? ['phoneme'] : values.sets.split(',');
  const trees = values.quick ? 100 : Number(values.trees);
  const python = await ensureVenv(['lightgbm', 'numpy', 'scikit-learn']);
  const kept: Line[] = [];
  if (values.out) writeFileSync(values.out, '');
  for (const name of names) {
    const table =
      name === 'synthetic'
        ? syntheticTable(100_000, 50, 1)
        : tabularSets(dataFolder(values.data), [name]).map(readBenchTable)[0]!;
    const runs: Line[] = [];
    for (let round = 0; round < Number(values.rounds); round++) {
      runs.push(await trainOurs(table, trees), await trainPeer(table, trees, python));
    }
    for (const system of ['ours', 'lightgbm'] as const) {
      const line = fastest(runs.filter((r) => r.system === system));
      kept.push(line);
      console.log(JSON.stringify(line));
      if (values.out) appendFileSync(values.out, `${JSON.stringify(line)}\n`);
    }
  }
  printRatios(kept);
  if (!values.quick) keepResult('boosting', { settings, trees, lines: kept });
}
