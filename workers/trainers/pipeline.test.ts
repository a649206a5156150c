/** From a file to a verified model through the tasks that child processes run, here in this process. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FaultReport } from '#core/contracts/faults.ts';
import type { InsightReport } from '#core/contracts/insights.ts';
import { type GoldenRow, goldenRowSchema, type RunResult } from '#core/contracts/result.ts';
import type { MetricName, TaskKind } from '#core/contracts/task.ts';
import type { Report } from '#core/contracts/views.ts';
import { Random } from '#core/math/random.ts';
import { readModelMetadata } from '#core/serve/metadata.ts';
import type { Design } from '#core/spaces/space.ts';
import type { TrainingSettings } from '#server/config/index.ts';
import { ingestFile } from '../data/ingest-file.ts';
import { nodeRuntime } from '../runtime/onnxruntime-node.ts';
import type { TaskContext } from '../runtime/trial-protocol.ts';
import { faultsTask } from './faults.ts';
import { type FinaliseInput, finaliseTask } from './finalise.ts';
import { insightsTask } from './insights.ts';
import { type PrepareInput, prepareTask } from './prepare.ts';
import { type CandidateInput, exportTask } from './provisional.ts';
import { trainTask } from './train.ts';
import { verifyModel } from './verify.ts';

const context: TaskContext = { cancelled: () => false, breathe: async () => undefined, progress: () => undefined };

function tableText(rows: number): string {
  const random = new Random(4);
  const lines = ['size,"odd, name",when,kind,price,label'];
  for (let i = 0; i < rows; i++) {
    const size = 20 + random.integer(200);
    const kind = ['flat', 'house', 'Schloß'][random.integer(3)] as string;
    const odd = random.uniform() < 0.1 ? '' : (random.normal() * 1e6).toFixed(2);
    const when = `20${10 + random.integer(14)}-0${1 + random.integer(9)}-1${random.integer(10)}`;
    const price = Math.round(1000 * size * (kind === 'Schloß' ? 3 : 1) * Math.exp(0.1 * random.normal()));
    const label = price > 300_000 ? 'dear' : price > 100_000 ? 'fair' : 'cheap';
    lines.push(`${size},${odd},${when},${kind},${price},${label}`);
  }
  return `${lines.join('\n')}\n`;
}

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warmstart-pipeline-'));
  await writeFile(join(folder, 'table.csv'), tableText(500));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const designs: Design[] = [
  { learner: 'baseline' },
  { learner: 'linear', basis: 'score' },
  { learner: 'boosting', rounds: 60, learningRate: 0.15, leaves: 8 },
];

const byDefault: TrainingSettings = { trainer: 'onnx', provider: 'cpu', tfjsBackend: 'auto' };

async function build(
  kind: TaskKind,
  target: string,
  drop: string,
  metric: MetricName,
  { designs, training }: { designs: readonly Design[]; training: TrainingSettings },
) {
  const at = (name: string) => join(folder, `${target}-${training.trainer}-${name}`);
  const profile = await ingestFile({
    path: join(folder, 'table.csv'),
    fileName: 'table.csv',
    typeOverrides: { [drop]: 'ignore' },
    limits: { rows: 1e6, columns: 100, bytes: 1e9 },
    parquetPath: at('table.parquet'),
  });
  const input: PrepareInput = {
    tablePath: at('table.parquet'),
    testTablePath: null,
    trainPath: at('train.parquet'),
    testPath: at('test.parquet'),
    splitPath: at('split.json'),
    preparedPath: at('prepared.bin'),
    target,
    kind,
    split: { kind: 'random' },
    testFraction: 0.2,
    seed: 5,
    columns: profile.columns,
    positiveClass: null,
    metric,
    budgetSeconds: 60,
  };
  const { facts, setup } = await prepareTask(input, context);
  const candidates: CandidateInput[] = [];
  const trainedBy: (string | undefined)[] = [];
  for (const [i, design] of designs.entries()) {
    const artifactPath = at(`${i}.bin`);
    const learner = String(design.learner);
    const base = { searchId: 's', preparedPath: input.preparedPath, learner, design, seed: i, metric, training };
    const trained = await trainTask({ ...base, deadline: Date.now() + 60_000, artifactPath }, context);
    trainedBy.push(trained.trainedBy);
    const origin = learner === 'linear' ? 'random' : 'portfolio';
    candidates.push({
      trialId: String(i),
      number: i + 1,
      origin,
      learner,
      summary: learner,
      design,
      score: trained.score,
      rowMs: trained.oneRowMs,
      artifactPath,
    });
  }
  const paths = {
    model: at('model.onnx'),
    golden: at('golden.jsonl'),
    report: at('report.json'),
    receipt: at('receipt.json'),
    bundle: at('model.zip'),
    outOfFold: at('out-of-fold.bin'),
  };
  const result: RunResult = {
    schema: 'warmstart.run/1',
    status: 'failed',
    searchId: 's',
    task: kind,
    target,
    metric: { name: metric, direction: 'minimize' },
    model: null,
    scores: { validation: null, test: null },
    random: null,
    trials: { done: 3, failed: 0, reused: 0 },
    seconds: { total: 1, firstUsable: 1, search: 1, finalise: 0, verify: 0 },
    verification: [],
    seed: 5,
    receipt: null,
  };
  const finalise: FinaliseInput = {
    preparedPath: input.preparedPath,
    testPath: input.testPath,
    candidates,
    target,
    metric,
    positiveClass: null,
    seed: 5,
    name: 'a model',
    deadline: Date.now() + 30_000,
    threads: 1,
    result,
    receipt: { model: [{ name: 'data', content: 'hash' }], run: [] },
    paths,
  };
  const made = await finaliseTask(finalise, context);
  const golden = (await readFile(paths.golden, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => goldenRowSchema.parse(JSON.parse(line)));
  const report = JSON.parse(await readFile(paths.report, 'utf8')) as Report;
  return {
    facts,
    setup,
    made,
    trainedBy,
    golden,
    report,
    finalise,
    prepare: input,
    model: new Uint8Array(await readFile(paths.model)),
  };
}

describe.each([
  ['regression', 'price', 'label', 'rmse'],
  ['classification', 'label', 'price', 'log_loss'],
] as const)('%s of %s', (kind, target, drop, metric) => {
  let built: Awaited<ReturnType<typeof build>>;
  beforeAll(async () => {
    built = await build(kind, target, drop, metric, { designs, training: byDefault });
  }, 120_000);

  test('prepares, seals a fifth, and says what it used', () => {
    expect(built.facts).toMatchObject({ trainRows: 400, testRows: 100 });
    expect(built.setup.metaFeatures.logRows).toBeCloseTo(Math.log10(400), 6);
  });

  test('both runtimes agree on sampled, boundary, missing, unseen and extreme rows', () => {
    expect(built.made.differences).toEqual([]);
    expect(built.made.verification.map((v) => v.pass)).toEqual([true, true]);
    expect(new Set(built.golden.map((row) => row.reason))).toEqual(
      new Set(['sampled', 'boundary', 'missing', 'unseen', 'extreme']),
    );
    expect(built.golden.some((row) => Object.values(row.inputs).every((value) => value === null))).toBe(true);
  });

  test('beats the baseline on rows it never saw, and judges itself against the random design', () => {
    const { scores, random, model } = built.made.result;
    expect(scores.test?.rows).toBe(100);
    expect(scores.test?.value).toBeLessThan(kind === 'regression' ? 60_000 : 0.6);
    expect(random?.verdict).toMatch(/better|tie|worse/);
    expect(model?.members.reduce((sum, member) => sum + member.weight, 0)).toBeCloseTo(1, 9);
    expect(readModelMetadata(built.model)).toMatchObject({ target, receipt: built.made.result.receipt, scores });
  });

  test('the report fits the task', () => {
    const { report } = built;
    expect(report.importance[0]?.column).toMatch(/size|kind/);
    if (kind === 'regression') {
      expect(report.residuals?.points).toHaveLength(100);
      expect(report.scores.test.r2).toBeGreaterThan(0.8);
      expect(report.residuals?.bounds).toHaveLength(100);
      expect(report.intervals?.coverage.value).toBeGreaterThan(0.8);
    } else {
      expect(report.confusion?.classes).toEqual(['cheap', 'dear', 'fair']);
      expect(report.reliability?.reduce((sum, bin) => sum + bin.count, 0)).toBe(100);
      expect(report.sets?.coverage.value).toBeGreaterThan(0.8);
    }
  });

  test('the file says how sure it is, and its golden rows hold what it says', () => {
    const { conformal } = readModelMetadata(built.model);
    const coverage = kind === 'regression' ? built.report.intervals?.coverage : built.report.sets?.coverage;
    expect(conformal).toMatchObject({ level: 0.9, coverage });
    expect(conformal?.[kind === 'regression' ? 'method' : 'threshold']).toBeTruthy();
    for (const { value, lower, upper } of built.golden) {
      if (kind === 'classification') expect([lower, upper]).toEqual([undefined, undefined]);
      else expect(lower! <= value! && value! <= upper!).toBe(true);
    }
  });

  test('faults are named by their rows of the whole table', async () => {
    const { finalise, prepare } = built;
    const faultsPath = join(folder, `${target}-faults.json`);
    const paths = { preparedPath: prepare.preparedPath, outOfFoldPath: finalise.paths.outOfFold };
    const { found } = await faultsTask({
      ...paths,
      seal: { ...prepare, separateTest: false },
      reportPath: finalise.paths.report,
      seed: 5,
      faultsPath,
    });
    const report = JSON.parse(await readFile(faultsPath, 'utf8')) as FaultReport;
    expect(report).toMatchObject({ rows: 400, target, found });
    expect(found.label).toBe(report.faults.label.length);
    expect(found.label + found.outlier).toBeGreaterThan(0);
    const lines = tableText(500).trimEnd().split('\n').slice(1);
    for (const { row, given, cells } of Object.values(report.faults).flat()) {
      const line = lines[row]!;
      expect(cells).toHaveLength(report.columns.length);
      expect(line).toContain(cells[report.columns.indexOf('kind')]!);
      const actual = line.split(',').at(kind === 'regression' ? -2 : -1)!;
      if (kind === 'regression') expect(Number(given)).toBeCloseTo(Number(actual), -2);
      else expect(given).toBe(actual);
    }
  });

  test('members are listed with what each scores alone and what is lost without it', () => {
    const { members = [] } = built.report;
    expect(members.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9);
    expect(members.length).toBeGreaterThan(1);
    for (const { trial, score, loss } of members) {
      expect(score).toBe(built.finalise.candidates.find(({ number }) => number === trial)?.score);
      expect(loss!.low <= loss!.value && loss!.value <= loss!.high).toBe(true);
    }
    // One at least would be missed.
    expect(Math.max(...members.map(({ loss }) => loss!.value))).toBeGreaterThan(0);
  });

  test('a look into the file says what its columns do, and tests groups of rows', async () => {
    const { finalise } = built;
    const insightsPath = join(folder, `insights-${target}.json`);
    const result = await insightsTask(
      {
        preparedPath: finalise.preparedPath,
        outOfFoldPath: finalise.paths.outOfFold,
        modelPath: finalise.paths.model,
        reportPath: finalise.paths.report,
        seed: 5,
        seconds: 5,
        insightsPath,
      },
      context,
    );
    const { slices, effects } = JSON.parse(await readFile(insightsPath, 'utf8')) as InsightReport;
    expect(result).toEqual({ tested: slices.tested, slices: slices.slices.length, explained: effects.rows });
    expect(slices).toMatchObject({ measure: kind === 'regression' ? 'absolute' : 'wrong', rows: 400 });
    expect(slices.tested).toBeGreaterThan(10);
    expect(effects.output.kind).toBe(kind === 'regression' ? 'value' : 'predicted_class');
    expect(effects.rows).toBeGreaterThanOrEqual(10);
    expect(
      effects.columns
        .map(({ column }) => column)
        .slice(0, 2)
        .sort(),
    ).toEqual(['kind', 'size']);
    for (const { effects: each, cells, size } of effects.columns) {
      expect([each.length, cells.length]).toEqual([effects.rows, effects.rows]);
      expect(each.reduce((sum, effect) => sum + Math.abs(effect), 0) / each.length).toBeCloseTo(
        size,
        size > 10 ? -2 : 2,
      );
    }
  });

  test('a file that answers otherwise fails and says where', async () => {
    const metadata = readModelMetadata(built.model);
    const forged = built.golden.map((row, i): GoldenRow => {
      if (i !== 3) return row;
      return kind === 'regression' ? { ...row, value: (row.value ?? 0) + 1e5 } : { ...row, probabilities: [0, 0, 1] };
    });
    const wrong = await verifyModel(nodeRuntime, built.model, metadata, forged);
    expect(wrong).toMatchObject({
      pass: false,
      differences: [expect.objectContaining({ row: 3 }), ...wrong.differences.slice(1)],
    });
    const broken = await verifyModel(nodeRuntime, built.model.subarray(0, 100), metadata, built.golden);
    expect(broken).toMatchObject({ pass: false, differences: [{ output: 'run' }] });
  });

  test('where time per row is short the ensemble keeps to its cheapest member', async () => {
    const { finalise } = built;
    const dear = finalise.candidates.map((candidate) => ({
      ...candidate,
      rowMs: candidate.learner === 'linear' ? 0.001 : 1e6,
    }));
    const made = await finaliseTask({ ...finalise, candidates: dear, deadline: Date.now() + 20_000 }, context);
    expect(made.result.model?.members.map((member) => member.learner)).toEqual(['linear']);
  });

  test('one trial alone is a usable model', async () => {
    const { finalise } = built;
    const modelPath = join(folder, `${target}-usable.onnx`);
    const input = { ...finalise, candidates: finalise.candidates.slice(0, 1), modelPath };
    expect(await exportTask(input)).toMatchObject({ pass: true });
  });
});

test('networks that TensorFlow.js trained are exported with the same agreement of runtimes', async () => {
  const design = { learner: 'mlp', layers: 1, width: 16, epochs: 5, dropout: 0.1 };
  const { made, trainedBy } = await build('classification', 'label', 'price', 'log_loss', {
    designs: [design],
    training: { ...byDefault, trainer: 'tfjs', tfjsBackend: 'cpu' },
  });
  expect(trainedBy).toEqual([expect.stringMatching(/^tfjs [\d.]+ cpu$/)]);
  expect(made.differences).toEqual([]);
  expect(made.verification.map((v) => v.pass)).toEqual([true, true]);
  expect(made.result.scores.test?.value).toBeLessThan(0.9);
});
